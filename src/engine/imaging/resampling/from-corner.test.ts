import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../../test/support/failure-of.ts';
import { boxMask, checksum, irregular, patterned } from '../../../../test/support/patterned-volume.ts';
import type { Matrix3, Vector3, Volume, VoxelArray } from '../volume.ts';
import { resampleFromCorner } from './from-corner.ts';
import type { Interpolation } from './interpolation.ts';

type Row = {
  name: string;
  type: new (length: number) => VoxelArray;
  value?: (x: number, y: number, z: number) => number;
  size: Vector3;
  spacing: Vector3;
  direction?: Matrix3;
  box: [Vector3, Vector3];
  to: Vector3;
  interpolation: Interpolation;
  padDistance: number;
  /** By PyRadiomics 3.0.1 with SimpleITK 2.5.7: size and origin of the new grid, checksums of image and mask. */
  expected: [Vector3, Vector3, number, number];
};
const unsigned = (x: number, y: number, z: number) => (irregular(x, y, z) + 1000) % 251;
const flat = (x: number, y: number, z: number) => (x + y > 8 ? irregular(x, y, z) : -1000);

const rows: Row[] = [
  {
    name: 'up and down at once',
    type: Int16Array,
    size: [24, 20, 9],
    spacing: [0.7, 1.3, 5],
    box: [
      [3, 4, 2],
      [15, 12, 6],
    ],
    to: [1, 1, 1],
    interpolation: 'cubic',
    padDistance: 2,
    expected: [[14, 18, 31], [-99.44999999999999, 19.150000000000002, -1018.7], 911070, 176650],
  },
  {
    name: 'an axis kept, unsigned voxels',
    type: Uint8Array,
    value: unsigned,
    size: [16, 18, 11],
    spacing: [2, 2, 2],
    box: [
      [2, 2, 2],
      [12, 15, 8],
    ],
    to: [0.9, 3.1, 0],
    interpolation: 'linear',
    padDistance: 3,
    expected: [[32, 12, 11], [-100.14999999999999, 17.85, -1021.7], 25755571, 105075],
  },
  {
    name: 'every new voxel on an old one, an axis turned round',
    type: Int16Array,
    size: [30, 30, 12],
    spacing: [1, 1, 1],
    direction: [1, 0, 0, 0, -1, 0, 0, 0, 1],
    box: [
      [0, 3, 0],
      [22, 29, 11],
    ],
    to: [3, 3, 3],
    interpolation: 'cubic',
    padDistance: 1,
    expected: [[10, 10, 4], [-98.6, 16.3, -1020.7], -260934, 19042],
  },
  {
    name: 'the same, linear, two axes turned round',
    type: Int16Array,
    size: [30, 30, 12],
    spacing: [1, 1, 1],
    direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1],
    box: [
      [0, 3, 0],
      [22, 29, 11],
    ],
    to: [3, 3, 3],
    interpolation: 'linear',
    padDistance: 1,
    expected: [[10, 10, 4], [-100.6, 16.3, -1020.7], -261276, 19042],
  },
  {
    name: 'a region of four voxels in a corner, floating-point voxels',
    type: Float32Array,
    size: [13, 11, 7],
    spacing: [1, 1, 3],
    box: [
      [11, 0, 6],
      [12, 1, 6],
    ],
    to: [1.7, 0.6, 2.2],
    interpolation: 'cubic',
    padDistance: 2,
    expected: [[4, 6, 4], [-92.44999999999999, 17.1, -1012.7], -463354.00743198395, 633],
  },
  {
    name: 'flat parts, and new voxels outside of the image',
    type: Int16Array,
    value: flat,
    size: [26, 25, 8],
    spacing: [0.9769999980926514, 0.9769999980926514, 3],
    box: [
      [2, 2, 1],
      [20, 20, 6],
    ],
    to: [1, 1, 1],
    interpolation: 'cubic',
    padDistance: 10,
    expected: [[26, 25, 24], [-99.58849999904632, 17.311500000953675, -1022.7], -54411520, 423641],
  },
  {
    name: 'axes in another order',
    type: Uint16Array,
    value: unsigned,
    size: [26, 25, 3],
    spacing: [0.9, 0.9, 3],
    direction: [0, 1, 0, 0, 0, 1, 1, 0, 0],
    box: [
      [2, 2, 0],
      [20, 20, 2],
    ],
    to: [2, 0.45, 1],
    interpolation: 'nearest',
    padDistance: 10,
    expected: [[12, 50, 9], [-99.82499999999999, 16.3, -1021.1500000000001], 33049566, 178783],
  },
];

function caseOf({ type, value = irregular, size, spacing, direction, box }: Row) {
  const geometry = {
    size,
    spacing,
    origin: [-99.6, 17.3, -1021.7] as const,
    ...(direction && { direction }),
  };
  const inside = boxMask(geometry, ...box).voxels;
  // Two labels, irregularly mixed.
  const mask = patterned(Uint32Array, geometry, (x, y, z) =>
    (x * 5 + y * 3 + z + Math.floor((x * y) / 7)) % 3 === 0 ? 2 : 1,
  );
  for (let n = 0; n < inside.length; n++) mask.voxels[n] *= inside[n];
  return { image: patterned(type, geometry, value), mask };
}

/** A grid of 1 mm with a value that is linear in space, and a region in its middle. */
function ramp(slope: Vector3, type: new (length: number) => VoxelArray = Float64Array) {
  const geometry = { size: [40, 38, 36] as const, spacing: [1, 1, 1] as const, origin: [5, 6, 7] as const };
  const image = patterned(type, geometry, (x, y, z) => slope[0] * x + slope[1] * y + slope[2] * z);
  return { image, mask: boxMask(geometry, [18, 18, 17], [21, 20, 19]) };
}

describe('resampleFromCorner', () => {
  it.each(rows)('equals PyRadiomics: $name', (row) => {
    const { image, mask } = caseOf(row);
    const result = resampleFromCorner(image, mask, {
      spacing: row.to,
      interpolation: row.interpolation,
      label: 1,
      padDistance: row.padDistance,
    });
    const [size, origin, imageSum, maskSum] = row.expected;
    for (const volume of [result.image, result.mask]) {
      expect(volume.size).toEqual(size);
      expect(volume.origin).toEqual(origin);
      expect(volume.direction).toEqual(image.direction);
    }
    expect(result.image.voxels.constructor).toBe(row.type);
    // Integers to the last voxel; of floating-point voxels the checksum's own rounding remains.
    expect(Math.abs(checksum(result.image.voxels) - imageSum)).toBeLessThan(
      row.type === Float32Array ? 1e-6 : 0.5,
    );
    expect(checksum(result.mask.voxels)).toBe(maskSum);
  });

  it('cuts the box out where no spacing changes, and cuts nothing for an endless pad', () => {
    const { image, mask } = ramp([1, 2, 3]);
    const options = { spacing: [1.000001, 0, 1], interpolation: 'cubic', label: 1 } as const;
    const cut = resampleFromCorner(image, mask, { ...options, padDistance: 2 });
    expect(cut.image.size).toEqual([8, 7, 7]);
    expect(cut.image.spacing).toEqual([1, 1, 1]);
    expect(cut.image.origin).toEqual([5 + 16, 6 + 16, 7 + 15]);
    expect(cut.image.voxels[0]).toBe(16 + 2 * 16 + 3 * 15);
    expect(resampleFromCorner(image, mask, { ...options, padDistance: Infinity }).image.voxels).toEqual(
      image.voxels,
    );
  });

  it('keeps the spacing across a region of one slice', () => {
    const { image } = ramp([1, 2, 3]);
    const mask = boxMask(image, [10, 10, 17], [20, 20, 17]);
    const { image: result } = resampleFromCorner(image, mask, {
      spacing: [2, 2, 2],
      interpolation: 'linear',
      label: 1,
      padDistance: 0,
    });
    expect(result.spacing).toEqual([2, 2, 1]);
  });

  it.each(['linear', 'cubic'] as const)(
    '%s interpolation reproduces a linear ramp and a constant',
    (interpolation) => {
      const slope = fc.integer({ min: -50, max: 50 });
      const spacing = fc.double({ min: 0.4, max: 2.5, noNaN: true });
      fc.assert(
        fc.property(fc.tuple(slope, slope, slope), fc.tuple(spacing, spacing, spacing), (slopes, to) => {
          const { image, mask } = ramp(slopes);
          const result = resampleFromCorner(image, mask, {
            spacing: to,
            interpolation,
            label: 1,
            padDistance: 0,
          }).image;
          const [nx, ny, nz] = result.size;
          // The mirrored edge bends the spline by 0.27 a voxel; the region is 16 voxels off.
          for (const [i, j, k] of [
            [0, 0, 0],
            [nx - 1, 0, nz - 1],
            [nx - 1, ny - 1, nz - 1],
          ]) {
            const place = [i, j, k].map((n, axis) => result.origin[axis] + n * to[axis] - image.origin[axis]);
            const expected = place.reduce((sum, x, axis) => sum + slopes[axis] * x, 0);
            expect(result.voxels[i + nx * (j + ny * k)]).toBeCloseTo(
              expected,
              interpolation === 'cubic' ? 5 : 9,
            );
          }
        }),
        { numRuns: 20, seed: 3 },
      );
      const { image, mask } = ramp([0, 0, 0]);
      image.voxels.fill(1234.5);
      const constant = resampleFromCorner(image, mask, {
        spacing: [0.7, 1.9, 1.1],
        interpolation,
        label: 1,
        padDistance: 3,
      }).image;
      expect(constant.voxels.every((value) => Math.abs(value - 1234.5) < 1e-9)).toBe(true);
    },
  );

  it('gives the same values whatever part of the image the region needs', () => {
    const geometry = { size: [140, 12, 130] as const, spacing: [1, 1, 1] as const };
    const image = patterned(Float64Array, geometry, irregular);
    const resample = (mask: Volume, padDistance: number) =>
      resampleFromCorner(image, mask, {
        spacing: [0.8, 0.9, 1.25],
        interpolation: 'cubic',
        label: 1,
        padDistance,
      });
    const mask = boxMask(geometry, [66, 5, 60], [69, 7, 63]);
    const part = resample(mask, 0).image;
    const whole = resample(mask, Infinity).image;
    const [x, y, z] = part.origin.map((start, axis) =>
      Math.round((start - whole.origin[axis]) / part.spacing[axis]),
    );
    for (let n = 0; n < part.voxels.length; n++) {
      const i = x + (n % part.size[0]);
      const j = y + (Math.floor(n / part.size[0]) % part.size[1]);
      const k = z + Math.floor(n / (part.size[0] * part.size[1]));
      const other = whole.voxels[i + whole.size[0] * (j + whole.size[1] * k)];
      expect(Math.abs(part.voxels[n] - other)).toBeLessThan(1e-9);
    }
  });

  it('refuses what cannot be resampled', () => {
    const { image, mask } = ramp([1, 2, 3]);
    const resample = (options: object, given: Volume = image, region: Volume = mask) =>
      failureOf(() =>
        resampleFromCorner(given, region, {
          spacing: [2, 2, 2],
          interpolation: 'cubic',
          label: 1,
          padDistance: 5,
          ...options,
        }),
      );
    expect(resample({ spacing: [1, -1, 1] })).toMatchObject({
      code: 'ARGUMENT_INVALID',
      message: "The spacing along y is -1 mm, but must be above 0, or 0 to keep the image's.",
    });
    expect(resample({ spacing: [1, Number.NaN, 1] }).code).toBe('ARGUMENT_INVALID');
    expect(resample({ padDistance: 1.5 }).code).toBe('ARGUMENT_INVALID');
    expect(resample({ label: 7 })).toMatchObject({ code: 'MASK_LABEL_ABSENT', details: { labels: [1] } });
    expect(resample({ spacing: [0.001, 0.001, 0.001] })).toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      details: { limit: 2 ** 27 },
    });
    expect(resample({ spacing: [5e-324, 1, 1] }).code).toBe('IMAGE_TOO_LARGE');
    expect(resample({ maxVoxels: 100 }).code).toBe('IMAGE_TOO_LARGE');
    expect(resample({ spacing: [30, 30, 30] })).toMatchObject({
      code: 'ROI_TOO_SMALL',
      message: 'No voxel of label 1 in mask is left after resampling to 30 × 30 × 30 mm.',
    });
    const broken = { ...image, voxels: image.voxels.map((value, n) => (n === 99 ? Number.NaN : value)) };
    expect(resample({}, broken as Volume).code).toBe('IMAGE_NOT_FINITE');
    expect(resample({}, image, { ...mask, origin: [30, 6, 7] }).code).toBe('MASK_OUTSIDE_IMAGE');
    const turned: Matrix3 = [Math.cos(0.1), -Math.sin(0.1), 0, Math.sin(0.1), Math.cos(0.1), 0, 0, 0, 1];
    expect(resample({}, image, { ...mask, direction: turned }).code).toBe('MASK_DIRECTION_MISMATCH');
  });
});
