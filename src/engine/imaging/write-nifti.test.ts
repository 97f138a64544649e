import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../test/support/failure-of.ts';
import { indexToPoint } from './geometry.ts';
import { readNifti } from './nifti.ts';
import type { Matrix3, ReadOptions, Volume, VoxelArray } from './volume.ts';
import { writeNifti } from './write-nifti.ts';

const options: ReadOptions = {
  inflate: () => {
    throw new Error('nothing here is compressed');
  },
};

/** The rotation of a unit quaternion, its last column negated for a left-handed one. */
function rotation([w, x, y, z]: number[], leftHanded: boolean): Matrix3 {
  const n = Math.hypot(w, x, y, z);
  const [a, b, c, d] = [w / n, x / n, y / n, z / n];
  const s = leftHanded ? -1 : 1;
  return [
    a * a + b * b - c * c - d * d,
    2 * (b * c - a * d),
    s * 2 * (b * d + a * c),
    2 * (b * c + a * d),
    a * a + c * c - b * b - d * d,
    s * 2 * (c * d - a * b),
    2 * (b * d - a * c),
    2 * (c * d + a * b),
    s * (a * a + d * d - b * b - c * c),
  ];
}

const double = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const direction = fc
  .record({
    quaternion: fc
      .array(fc.oneof(double(-1, 1), fc.constantFrom(0, 1, -1)), { minLength: 4, maxLength: 4 })
      .filter((q) => Math.hypot(...q) > 0.1),
    leftHanded: fc.boolean(),
  })
  .map(({ quaternion, leftHanded }) => rotation(quaternion, leftHanded));
const voxels = fc
  .constantFrom(
    Int8Array,
    Uint8Array,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
  )
  .chain((array) =>
    fc.array(fc.double(), { minLength: 24, maxLength: 24 }).map((values): VoxelArray => new array(values)),
  );
const triple = (min: number, max: number) => fc.tuple(double(min, max), double(min, max), double(min, max));
const volume: fc.Arbitrary<Volume> = fc.record({
  size: fc.constant([2, 3, 4] as const),
  spacing: triple(0.01, 100),
  origin: triple(-1000, 1000),
  direction,
  voxels,
});

describe('writeNifti', () => {
  it('writes what readNifti reads: voxels to the bit, geometry to single precision', () => {
    fc.assert(
      fc.property(volume, (written) => {
        const read = readNifti(writeNifti(written), options);
        expect(read.voxels).toEqual(written.voxels);
        expect(read.size).toEqual(written.size);
        for (let n = 0; n < 3; n++) {
          expect(Math.abs(read.spacing[n] / written.spacing[n] - 1)).toBeLessThan(1e-7);
          expect(Math.abs(read.origin[n] - written.origin[n])).toBeLessThan(1e-4);
        }
        for (let n = 0; n < 9; n++)
          expect(Math.abs(read.direction[n] - written.direction[n])).toBeLessThan(2e-7);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('writes a qform that says the same as the sform', () => {
    fc.assert(
      fc.property(volume, (written) => {
        const bytes = writeNifti(written);
        const bySform = readNifti(bytes, options);
        bytes[254] = 0; // sform_code
        const byQform = readNifti(bytes, options);
        const far = indexToPoint(bySform, [1, 1, 1]);
        const step = Math.max(...written.spacing);
        for (const [n, value] of indexToPoint(byQform, [1, 1, 1]).entries()) {
          // Half a turn leaves a = 0, of which single precision in b, c, d keeps some 3e-4.
          expect(Math.abs(value - far[n])).toBeLessThan(2e-3 * step);
        }
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('refuses what NIfTI-1 cannot hold', () => {
    const geometry = {
      spacing: [1, 1, 1],
      origin: [0, 0, 0],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    } as const;
    const long: Volume = { ...geometry, size: [32_768, 1, 1], voxels: new Uint8Array(32_768) };
    expect(failureOf(() => writeNifti(long)).code).toBe('FILE_UNSUPPORTED');
    const flat: Volume = { ...geometry, size: [2, 1, 1], spacing: [1, 0, 1], voxels: new Uint8Array(2) };
    expect(failureOf(() => writeNifti(flat)).code).toBe('IMAGE_GEOMETRY_INVALID');
  });
});
