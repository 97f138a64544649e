import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../test/support/failure-of.ts';
import { type NiftiFields, niftiBytes } from '../../../test/support/nifti-bytes.ts';
import { readNifti } from './nifti.ts';
import type { ReadOptions } from './volume.ts';

const options: ReadOptions = {
  inflate: () => {
    throw new Error('nothing here is compressed');
  },
};
const read = (fields: NiftiFields, more: Partial<ReadOptions> = {}) =>
  readNifti(niftiBytes(fields), { ...options, ...more });

describe('readNifti: voxels', () => {
  const types = [
    [256, Int8Array, 'setInt8', -7],
    [2, Uint8Array, 'setUint8', 200],
    [4, Int16Array, 'setInt16', -1234],
    [512, Uint16Array, 'setUint16', 60_000],
    [8, Int32Array, 'setInt32', -123_456_789],
    [768, Uint32Array, 'setUint32', 4_000_000_000],
    [16, Float32Array, 'setFloat32', -0.1],
    [64, Float64Array, 'setFloat64', Math.PI],
  ] as const;

  for (const version of [1, 2] as const) {
    for (const littleEndian of [true, false]) {
      it.each(types)(
        `reads type %i of NIfTI-${version}, little-endian: ${littleEndian}`,
        (datatype, array, set, value) => {
          const width = array.BYTES_PER_ELEMENT;
          const data = new Uint8Array(24 * width);
          new DataView(data.buffer)[set](5 * width, value, littleEndian);
          const { voxels, size } = read({ version, littleEndian, datatype, data });
          expect(voxels).toBeInstanceOf(array);
          expect(voxels).toHaveLength(24);
          expect(voxels[5]).toBe(new array([value])[0]);
          expect(voxels.filter((voxel) => voxel !== 0)).toHaveLength(1);
          expect(size).toEqual([2, 3, 4]);
        },
      );
    }
  }

  const int64 = (values: bigint[]) => {
    const view = new DataView(new ArrayBuffer(8 * 24));
    for (const [n, value] of values.entries()) view.setBigInt64(8 * n, value, false);
    return new Uint8Array(view.buffer);
  };

  it('turns 64-bit integers into 32-bit ones', () => {
    const signed = read({
      datatype: 1024,
      littleEndian: false,
      data: int64([-2147483648n, 2147483647n, 5n]),
    });
    expect([...signed.voxels.subarray(0, 4)]).toEqual([-2147483648, 2147483647, 5, 0]);
    expect(signed.voxels).toBeInstanceOf(Int32Array);
    const unsigned = read({ datatype: 1280, littleEndian: false, data: int64([4294967295n, 5n]) });
    expect([...unsigned.voxels.subarray(0, 3)]).toEqual([4294967295, 5, 0]);
    expect(unsigned.voxels).toBeInstanceOf(Uint32Array);
  });

  it.each([
    ['int64', 1024, [4294967296n]],
    ['int64', 1024, [4294967295n, -1n]],
    ['int64', 1024, [-2147483649n]],
    ['uint64', 1280, [-1n]],
  ])('refuses %s voxels beyond 32 bits', (_, datatype, values) => {
    expect(failureOf(() => read({ datatype, littleEndian: false, data: int64(values) })).code).toBe(
      'FILE_UNSUPPORTED',
    );
  });

  it('shares the memory of the file where it can', () => {
    const bytes = niftiBytes();
    expect(readNifti(bytes, options).voxels.buffer).toBe(bytes.buffer);
  });

  it('reads from any position of a larger buffer, a Node buffer too', () => {
    const bytes = niftiBytes();
    const larger = Buffer.alloc(bytes.length + 3);
    larger.set(bytes, 3);
    expect(readNifti(larger.subarray(3), options)).toEqual(readNifti(bytes, options));
  });

  it('keeps the type where slope and intercept ask for nothing', () => {
    for (const [slope, intercept] of [
      [0, 0],
      [0, -5],
      [1, 0],
      [Number.NaN, Number.NaN],
    ]) {
      expect(read({ slope, intercept }).voxels).toBeInstanceOf(Int16Array);
    }
  });

  it('scales to float32, as ITK does', () => {
    const { voxels } = read({ slope: 0.1, intercept: -1000 });
    const stored = read({}).voxels;
    expect(voxels).toBeInstanceOf(Float32Array);
    // The header's slope is single precision already.
    expect([...voxels]).toEqual([...stored].map((value) => Math.fround(Math.fround(0.1) * value - 1000)));
  });

  it('scales float64 in float64', () => {
    const data = new Uint8Array(new Float64Array(24).fill(0.3).buffer);
    expect(read({ datatype: 64, slope: 2, intercept: 1, data }).voxels[3]).toBe(1.6);
  });

  it('passes over header extensions', () => {
    const data = new Uint8Array(32 + 48).map((_, n) => (n < 32 ? 255 : n - 32));
    expect(read({ voxelOffset: 352 + 32, data })).toEqual(read({}));
  });

  it('accepts trailing dimensions of one', () => {
    expect(read({ dim: [5, 2, 3, 4, 1, 1, 1, 1] }).size).toEqual([2, 3, 4]);
    expect(read({ dim: [3, 6, 4, 1, 1, 1, 1, 1] }).size).toEqual([6, 4, 1]);
  });
});

describe('readNifti: bad input', () => {
  it.each<[string, NiftiFields, string]>([
    ['no dimensions', { dim: [0, 2, 3, 4, 1, 1, 1, 1] }, 'FILE_CORRUPT'],
    ['eight dimensions', { dim: [8, 2, 3, 4, 1, 1, 1, 1] }, 'FILE_CORRUPT'],
    ['a negative size', { dim: [3, 2, -3, 4, 1, 1, 1, 1] }, 'FILE_CORRUPT'],
    ['a size of 0', { dim: [3, 2, 3, 0, 1, 1, 1, 1] }, 'FILE_CORRUPT'],
    ['two dimensions', { dim: [2, 6, 4, 1, 1, 1, 1, 1] }, 'IMAGE_NOT_3D'],
    ['four dimensions', { dim: [4, 2, 3, 2, 2, 1, 1, 1] }, 'IMAGE_NOT_3D'],
    ['vectors', { dim: [5, 2, 3, 1, 1, 4, 1, 1] }, 'IMAGE_NOT_3D'],
    ['more voxels than the limit', { dim: [3, 32_767, 32_767, 32_767, 1, 1, 1, 1] }, 'FILE_TOO_LARGE'],
    [
      'more voxels than a number holds',
      { version: 2, dim: [3, 2 ** 40, 2 ** 40, 2 ** 40, 1, 1, 1, 1] },
      'FILE_TOO_LARGE',
    ],
    ['a size that no number holds', { version: 2, dim: [3, 2 ** 62, 1, 1, 1, 1, 1, 1] }, 'FILE_CORRUPT'],
    ['an unknown type', { datatype: 3 }, 'FILE_CORRUPT'],
    ['complex voxels', { datatype: 32 }, 'FILE_UNSUPPORTED'],
    ['colours', { datatype: 128 }, 'FILE_UNSUPPORTED'],
    ['an offset of NaN', { voxelOffset: Number.NaN }, 'FILE_CORRUPT'],
    ['an offset of 0', { voxelOffset: 0 }, 'FILE_CORRUPT'],
    ['an offset within the header', { voxelOffset: 348 }, 'FILE_CORRUPT'],
    ['an offset between bytes', { voxelOffset: 352.5 }, 'FILE_CORRUPT'],
    ['a negative offset', { voxelOffset: -352 }, 'FILE_CORRUPT'],
    ['an offset beyond the file', { voxelOffset: 100_000 }, 'FILE_TRUNCATED'],
    ['an offset beyond the limit', { voxelOffset: 1e30 }, 'FILE_CORRUPT'],
    ['an offset beyond the limit, in NIfTI-2', { version: 2, voxelOffset: 2 ** 52 }, 'FILE_TOO_LARGE'],
    ['an infinite slope', { slope: Number.POSITIVE_INFINITY }, 'FILE_CORRUPT'],
    ['a slope with an intercept of NaN', { slope: 2, intercept: Number.NaN }, 'FILE_CORRUPT'],
    ['a missing magic', { magic: '\0\0\0\0' }, 'FILE_FORMAT_UNKNOWN'],
    ['the magic of the other version', { magic: 'n+2\0' }, 'FILE_FORMAT_UNKNOWN'],
    ['a wrong header length', { headerLength: 349 }, 'FILE_FORMAT_UNKNOWN'],
    ['a pair of files', { magic: 'ni1\0' }, 'FILE_UNSUPPORTED'],
    ['one voxel too few', { data: new Uint8Array(46) }, 'FILE_TRUNCATED'],
    ['one byte too many', { data: new Uint8Array(49) }, 'FILE_CORRUPT'],
  ])('refuses %s', (_, fields, code) => {
    expect(failureOf(() => read(fields)).code).toBe(code);
  });

  it('says which dimension is wrong', () => {
    const failure = failureOf(() => read({ dim: [3, 2, -3, 4, 1, 1, 1, 1] }));
    expect(failure.message).toBe("the header's dim[2] is -3, not a positive size");
    expect(failure.details).toEqual({ field: 'dim[2]', value: -3 });
  });

  it('keeps to the limit given, counting what scaling needs', () => {
    const data = new Uint8Array(24);
    expect(read({ datatype: 2, data }, { maxVoxelBytes: 24 }).voxels).toHaveLength(24);
    expect(failureOf(() => read({ datatype: 2, data, slope: 2 }, { maxVoxelBytes: 95 })).code).toBe(
      'FILE_TOO_LARGE',
    );
  });

  it('by itself takes scans of 512 × 512 × 300 voxels, and nothing that would fill a gigabyte', () => {
    const sized = (dim: number[], datatype: number) =>
      failureOf(() => read({ dim: [3, ...dim, 1, 1, 1, 1], datatype, data: new Uint8Array(48) })).code;
    expect(sized([512, 512, 300], 64)).toBe('FILE_TRUNCATED');
    expect(sized([32_767, 32_767, 1], 2)).toBe('FILE_TOO_LARGE');
  });

  it.each([1, 2] as const)('refuses a NIfTI-%i file cut off anywhere', (version) => {
    const bytes = niftiBytes({ version });
    for (let length = 0; length < bytes.length; length++) {
      const { code } = failureOf(() => readNifti(bytes.subarray(0, length), options));
      expect(code).toBe(length < 8 ? 'FILE_FORMAT_UNKNOWN' : 'FILE_TRUNCATED');
    }
  });
});
