import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../test/support/failure-of.ts';
import { readNrrd } from './nrrd.ts';
import type { ReadOptions } from './volume.ts';

const options: ReadOptions = {
  inflate: () => {
    throw new Error('nothing here is compressed');
  },
};

/** Lines of a valid 2 × 3 × 4 int16 header; a test replaces the value of a field, or leaves it out by null. */
const valid: Record<string, string | null> = {
  type: 'short',
  dimension: '3',
  space: 'left-posterior-superior',
  sizes: '2 3 4',
  'space directions': '(1.5,0,0) (0,2,0) (0,0,3.25)',
  kinds: 'domain domain domain',
  endian: 'little',
  encoding: 'raw',
  'space origin': '(1,2,3)',
};
const voxels = new Uint8Array(48).map((_, n) => n);

function nrrd(
  fields: Record<string, string | null> = {},
  data = voxels,
  { magic = 'NRRD0004', newline = '\n', more = '' } = {},
) {
  const lines = Object.entries({ ...valid, ...fields }).filter(([, value]) => value !== null);
  const header = [magic, '# a comment', ...lines.map(([field, value]) => `${field}: ${value}`), more];
  const text = new TextEncoder().encode(
    `${header.filter((line) => line !== '').join(newline)}${newline}${newline}`,
  );
  const bytes = new Uint8Array(text.length + data.length);
  bytes.set(text);
  bytes.set(data, text.length);
  return bytes;
}
const read = (...file: Parameters<typeof nrrd>) => readNrrd(nrrd(...file), options);

describe('readNrrd: voxels', () => {
  it.each([
    ['signed char', Int8Array, 'setInt8', -7],
    ['uchar', Uint8Array, 'setUint8', 200],
    ['unsigned char', Uint8Array, 'setUint8', 200],
    ['int16_t', Int16Array, 'setInt16', -1234],
    ['unsigned short int', Uint16Array, 'setUint16', 60_000],
    ['int', Int32Array, 'setInt32', -123_456_789],
    ['unsigned int', Uint32Array, 'setUint32', 4_000_000_000],
    ['float', Float32Array, 'setFloat32', -0.1],
    ['double', Float64Array, 'setFloat64', Math.PI],
  ] as const)('reads %s in both byte orders', (type, array, set, value) => {
    for (const endian of ['little', 'big']) {
      const data = new Uint8Array(24 * array.BYTES_PER_ELEMENT);
      new DataView(data.buffer)[set](5 * array.BYTES_PER_ELEMENT, value, endian === 'little');
      const volume = read({ type, endian }, data);
      expect(volume.voxels).toBeInstanceOf(array);
      expect(volume.voxels[5]).toBe(new array([value])[0]);
      expect(volume.voxels.filter((voxel) => voxel !== 0)).toHaveLength(1);
    }
  });

  it('reads 64-bit integers that fit in 32 bits', () => {
    const data = new Uint8Array(new BigInt64Array(24).fill(-3n).buffer);
    expect(read({ type: 'long long int' }, data).voxels).toEqual(new Int32Array(24).fill(-3));
  });

  it('reads from any position of a Node buffer', () => {
    const bytes = nrrd();
    for (let shift = 0; shift < 4; shift++) {
      const larger = Buffer.alloc(bytes.length + shift);
      larger.set(bytes, shift);
      expect(readNrrd(larger.subarray(shift), options)).toEqual(read());
    }
  });

  it('needs no byte order for bytes', () => {
    expect(read({ type: 'uint8', endian: null }, new Uint8Array(24)).voxels).toHaveLength(24);
  });

  it('passes over comments, key/value pairs and the fields that say nothing of geometry', () => {
    const more =
      'key:=a: b\nkey:=c\ncontent: x: y\nmeasurement frame: (1,0,0) (0,1,0) (0,0,1)\nspace units: "mm" "mm" "mm"';
    expect(read({}, voxels, { more })).toEqual(read());
  });

  it('reads lines that end in CR LF, and every version of the format', () => {
    expect(read({}, voxels, { newline: '\r\n' })).toEqual(read());
    for (let version = 1; version <= 5; version++)
      expect(read({}, voxels, { magic: `NRRD000${version}` })).toEqual(read());
  });
});

describe('readNrrd: geometry', () => {
  const oblique = '(0,1.5,0) (-1.2,0,1.6) (2.4,0,1.8)';

  // The files of these headers, read by SimpleITK 2.5.7 (Teem within ITK 5.4): origin and direction by rows.
  it.each([
    ['left-posterior-superior', [1, 2, 3], [0, -0.6, 0.7999999999999999, 1, 0, 0, 0, 0.8, 0.6]],
    ['LPS', [1, 2, 3], [0, -0.6, 0.7999999999999999, 1, 0, 0, 0, 0.8, 0.6]],
    ['right-anterior-superior', [-1, -2, 3], [0, 0.6, -0.7999999999999999, -1, 0, 0, 0, 0.8, 0.6]],
    ['RAS', [-1, -2, 3], [0, 0.6, -0.7999999999999999, -1, 0, 0, 0, 0.8, 0.6]],
    ['left-anterior-superior', [1, -2, 3], [0, -0.6, 0.7999999999999999, -1, 0, 0, 0, 0.8, 0.6]],
    ['scanner-xyz', [1, 2, 3], [0, -0.6, 0.7999999999999999, 1, 0, 0, 0, 0.8, 0.6]],
  ])('turns %s into LPS', (space, origin, direction) => {
    const volume = read({ space, 'space directions': oblique });
    expect(volume).toMatchObject({ size: [2, 3, 4], spacing: [1.5, 2, 3] });
    expect(volume.origin).toEqual(origin);
    expect(volume.direction).toEqual(direction);
  });

  it('takes a space without a name for LPS, and an absent origin for 0', () => {
    const volume = read({ space: null, 'space dimension': '3', 'space origin': null });
    expect(volume).toMatchObject({
      spacing: [1.5, 2, 3.25],
      origin: [0, 0, 0],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    });
  });

  const spaceless = { space: null, 'space directions': null, 'space origin': null };

  it('takes spacings where there is no space', () => {
    const volume = read({ ...spaceless, spacings: '0.5 1 2e0' });
    expect(volume).toMatchObject({
      spacing: [0.5, 1, 2],
      origin: [0, 0, 0],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    });
  });

  it('leaves out axes of size 1 that are not of space', () => {
    const directions = '(1.5,0,0) (0,2,0) (0,0,3.25)';
    const first = { dimension: '4', sizes: '1 2 3 4', kinds: 'vector domain domain domain' };
    const last = { dimension: '4', sizes: '2 3 4 1', kinds: 'domain domain domain list' };
    expect(read({ ...first, 'space directions': `none ${directions}` })).toEqual(read());
    expect(read({ ...first, 'space directions': `(nan,nan,nan) ${directions}` })).toEqual(read());
    expect(read({ ...last, 'space directions': `${directions} none` })).toEqual(read());
    expect(read({ ...last, ...spaceless, spacings: '1 1 1 nan' }).size).toEqual([2, 3, 4]);
  });

  it.each<[string, Record<string, string | null>, string]>([
    ['neither space nor spacings', spaceless, 'IMAGE_GEOMETRY_INVALID'],
    ['a spacing of NaN', { ...spaceless, spacings: '1 nan 1' }, 'IMAGE_GEOMETRY_INVALID'],
    ['a spacing of 0', { ...spaceless, spacings: '1 0 1' }, 'IMAGE_GEOMETRY_INVALID'],
    ['two spacings', { ...spaceless, spacings: '1 1' }, 'FILE_CORRUPT'],
    ['axis mins', { ...spaceless, spacings: '1 1 1', 'axis mins': '0 0 0' }, 'FILE_UNSUPPORTED'],
    ['a space without directions', { 'space directions': null }, 'IMAGE_GEOMETRY_INVALID'],
    ['spacings beside directions', { spacings: '1 1 1' }, 'FILE_CORRUPT'],
    ['a space and its dimension', { 'space dimension': '3' }, 'FILE_CORRUPT'],
    ['an unknown space', { space: 'right-left-up' }, 'FILE_CORRUPT'],
    ['a space with time', { space: 'LPST' }, 'IMAGE_NOT_3D'],
    ['a plane', { space: null, 'space dimension': '2' }, 'IMAGE_NOT_3D'],
    ['skewed axes', { 'space directions': '(1,0,0) (0.01,1,0) (0,0,1)' }, 'IMAGE_GEOMETRY_INVALID'],
    ['a direction of zeros', { 'space directions': '(1,0,0) (0,0,0) (0,0,1)' }, 'IMAGE_GEOMETRY_INVALID'],
    [
      'a direction too long for a number',
      { 'space directions': '(1,0,0) (0,1e308,1e308) (0,0,1)' },
      'IMAGE_GEOMETRY_INVALID',
    ],
    ['a direction with a NaN', { 'space directions': '(1,0,0) (0,nan,0) (0,0,1)' }, 'IMAGE_GEOMETRY_INVALID'],
    ['an axis of voxels without direction', { 'space directions': '(1,0,0) none (0,0,1)' }, 'IMAGE_NOT_3D'],
    ['a direction of two numbers', { 'space directions': '(1,0,0) (0,1) (0,0,1)' }, 'FILE_CORRUPT'],
    ['a direction that is no number', { 'space directions': '(1,0,0) (0,0x1,0) (0,0,1)' }, 'FILE_CORRUPT'],
    ['an unclosed direction', { 'space directions': '(1,0,0) (0,1,0) (0,0,1' }, 'FILE_CORRUPT'],
    ['an origin of NaN', { 'space origin': '(0,nan,0)' }, 'IMAGE_GEOMETRY_INVALID'],
    ['centimetres', { 'space units': '"cm" "cm" "cm"' }, 'FILE_UNSUPPORTED'],
    ['an axis of colours', { kinds: 'RGB-color domain domain' }, 'IMAGE_NOT_3D'],
  ])('refuses %s', (_, fields, code) => {
    expect(failureOf(() => read(fields)).code).toBe(code);
  });
});

describe('readNrrd: bad input', () => {
  it.each<[string, Record<string, string | null>, string]>([
    [
      'four dimensions',
      { dimension: '4', sizes: '2 3 2 2', 'space directions': '(1,0,0) (0,1,0) (0,0,1) none', kinds: null },
      'IMAGE_NOT_3D',
    ],
    ['seventeen dimensions', { dimension: '17' }, 'FILE_CORRUPT'],
    ['a dimension of its own', { dimension: '4' }, 'FILE_CORRUPT'],
    ['no sizes', { sizes: null }, 'FILE_CORRUPT'],
    ['a negative size', { sizes: '2 -3 4' }, 'FILE_CORRUPT'],
    ['a size of 0', { sizes: '2 0 4' }, 'FILE_CORRUPT'],
    ['a size that is no number', { sizes: '2 0x10 4' }, 'FILE_CORRUPT'],
    ['a size of too many digits', { sizes: `2 ${'9'.repeat(400)} 4` }, 'FILE_CORRUPT'],
    ['more voxels than the limit', { sizes: '100000 100000 100000' }, 'FILE_TOO_LARGE'],
    ['an unknown type', { type: 'quaternion' }, 'FILE_UNSUPPORTED'],
    ['blocks', { type: 'block', 'block size': '3' }, 'FILE_UNSUPPORTED'],
    ['no type', { type: null }, 'FILE_CORRUPT'],
    ['no byte order', { endian: null }, 'FILE_CORRUPT'],
    ['an unknown byte order', { endian: 'middle' }, 'FILE_CORRUPT'],
    ['ascii', { encoding: 'ascii' }, 'FILE_UNSUPPORTED'],
    ['hex', { encoding: 'hex' }, 'FILE_UNSUPPORTED'],
    ['bzip2', { encoding: 'bzip2' }, 'FILE_UNSUPPORTED'],
    ['a byte skip', { 'byte skip': '-1' }, 'FILE_UNSUPPORTED'],
    ['a line skip', { lineskip: '1' }, 'FILE_UNSUPPORTED'],
    ['data in another file', { 'data file': '/etc/passwd' }, 'FILE_UNSUPPORTED'],
    ['data in a list of files', { datafile: 'LIST' }, 'FILE_UNSUPPORTED'],
    ['an unknown field', { 'space origins': '(0,0,0)' }, 'FILE_CORRUPT'],
    ['a field twice', { Type: 'short' }, 'FILE_CORRUPT'],
    [
      'a field twice under two names',
      { centers: 'cell cell cell', centerings: 'cell cell cell' },
      'FILE_CORRUPT',
    ],
  ])('refuses %s', (_, fields, code) => {
    expect(failureOf(() => read(fields)).code).toBe(code);
  });

  it.each([
    ['a later version', 'NRRD0006', 'FILE_UNSUPPORTED'],
    ['another first line', 'NRRD0004 and more', 'FILE_CORRUPT'],
    ['another beginning', 'nrrd0004', 'FILE_FORMAT_UNKNOWN'],
  ])('refuses %s', (_, magic, code) => {
    expect(failureOf(() => read({}, voxels, { magic })).code).toBe(code);
  });

  it('refuses too few and too many voxels', () => {
    expect(failureOf(() => read({}, voxels.subarray(1))).code).toBe('FILE_TRUNCATED');
    expect(failureOf(() => read({}, new Uint8Array(49))).code).toBe('FILE_CORRUPT');
  });

  it('refuses a file cut off anywhere', () => {
    const bytes = nrrd();
    for (let length = 0; length < bytes.length; length++) {
      const { code } = failureOf(() => readNrrd(bytes.subarray(0, length), options));
      expect(code).toBe(length < 4 ? 'FILE_FORMAT_UNKNOWN' : 'FILE_TRUNCATED');
    }
  });

  it('knows a detached header that nothing ends', () => {
    const bytes = new TextEncoder().encode('NRRD0004\ntype: short\ndata file: x.raw\n');
    expect(failureOf(() => readNrrd(bytes, options)).code).toBe('FILE_UNSUPPORTED');
  });

  it.each([
    ['one endless line', () => `NRRD0004\n${'x'.repeat(3_000_000)}`],
    ['endless lines', () => `NRRD0004\n${'a:=b\n'.repeat(600_000)}`],
    [
      'a number of a million digits',
      () =>
        `NRRD0004\ntype: short\ndimension: 3\nspace: LPS\nsizes: 2 3 4\nencoding: raw\nendian: little\nspace directions: (${'1'.repeat(1_000_000)}x,0,0) (0,1,0) (0,0,1)\n\n`,
    ],
    [
      'a million sizes',
      () =>
        `NRRD0004\ntype: short\nencoding: raw\nendian: little\ndimension: 3\nsizes: ${'1 '.repeat(500_000)}\n\n`,
    ],
    [
      'a million brackets',
      () =>
        `NRRD0004\ntype: short\ndimension: 3\nspace: LPS\nsizes: 2 3 4\nencoding: raw\nendian: little\nspace directions: ${'('.repeat(1_000_000)}\n\n`,
    ],
    [
      'a million quotes',
      () =>
        `NRRD0004\ntype: short\ndimension: 3\nspace: LPS\nsizes: 2 3 4\nencoding: raw\nendian: little\nunits: ${'"'.repeat(999_999)}\n\n`,
    ],
  ])(
    'is not held up by %s',
    (_, text) => {
      const failure = failureOf(() => readNrrd(new TextEncoder().encode(text()), options));
      expect(failure.message.length).toBeLessThan(300);
    },
    2000,
  );
});
