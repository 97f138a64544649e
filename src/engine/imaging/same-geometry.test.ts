import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../test/support/failure-of.ts';
import { requireSameGeometry } from './same-geometry.ts';
import type { Geometry } from './volume.ts';

const image: Geometry = {
  size: [101, 81, 41],
  spacing: [2.5, 1, 3],
  origin: [-10, 20, 30],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const names = { image: 'ct.nii.gz', mask: 'roi.nii.gz' };
const compare = (mask: Partial<Geometry>, geometryTolerance?: number) =>
  requireSameGeometry(
    image,
    { ...image, ...mask },
    names,
    geometryTolerance === undefined ? {} : { geometryTolerance },
  );

describe('requireSameGeometry', () => {
  it('passes the same grid', () => {
    expect(compare({})).toEqual([]);
  });

  it('says which size differs, and by how many mm', () => {
    const { code, message, details } = failureOf(() => compare({ size: [101, 81, 42] }));
    expect(code).toBe('MASK_SIZE_MISMATCH');
    expect(message).toBe(
      'roi.nii.gz does not fit ct.nii.gz: it has 101 × 81 × 42 voxels against 101 × 81 × 41, and along z another extent by 3 mm',
    );
    expect(details).toMatchObject({
      axis: 'z',
      found: 42,
      expected: 41,
      millimetres: 3,
      mask: 'roi.nii.gz',
      image: 'ct.nii.gz',
    });
  });

  it('says by how many mm the spacing and the origin are off', () => {
    const spacing = failureOf(() => compare({ spacing: [2.5, 1.25, 3] }));
    expect(spacing.code).toBe('MASK_SPACING_MISMATCH');
    expect(spacing.message).toContain('its spacing along y is off by 0.25 mm (1.25 against 1)');
    expect(spacing.details).toMatchObject({ axis: 'y', millimetres: 0.25 });
    const origin = failureOf(() => compare({ origin: [-10.5, 20, 31.5] }));
    expect(origin.code).toBe('MASK_ORIGIN_MISMATCH');
    expect(origin.message).toContain('its origin along z is off by 1.5 mm (31.5 against 30)');
  });

  it('says by how many degrees the direction is off, and what that does to the far corner', () => {
    const angle = Math.PI / 180;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const { code, message, details } = failureOf(() => compare({ direction: [c, -s, 0, s, c, 0, 0, 0, 1] }));
    expect(code).toBe('MASK_DIRECTION_MISMATCH');
    expect(details.degrees).toBeCloseTo(1, 12);
    // The chord of one degree at the corner's distance from the axis of rotation: (250, 80) mm.
    expect(details.millimetres).toBeCloseTo(2 * Math.sin(angle / 2) * Math.hypot(250, 80), 10);
    expect(message).toContain('its x axis is turned by 1°, which moves the far corner by 4.581 mm');
  });

  it('measures a flipped axis', () => {
    const { details } = failureOf(() => compare({ direction: [1, 0, 0, 0, 1, 0, 0, 0, -1] }));
    expect(details).toMatchObject({ axis: 'z', degrees: 180, millimetres: 240 });
  });

  it('lists all that differs', () => {
    const { code, details } = failureOf(() => compare({ size: [1, 1, 1], origin: [0, 0, 0] }));
    expect(code).toBe('MASK_SIZE_MISMATCH');
    expect(details.mismatches).toEqual(['MASK_SIZE_MISMATCH', 'MASK_ORIGIN_MISMATCH']);
  });

  // As SimpleITK 2.5.7's LabelStatisticsImageFilter, which PyRadiomics asks: 1e-6 of the spacing along x, and 1e-6 for cosines.
  it.each<[Partial<Geometry>, Partial<Geometry>]>([
    [{ origin: [-10, 20, 30 + 2.4e-6] }, { origin: [-10, 20, 30 + 2.6e-6] }],
    [{ spacing: [2.5, 1 + 2.4e-6, 3] }, { spacing: [2.5, 1 + 2.6e-6, 3] }],
    [
      { direction: [1, 9e-7, 0, -9e-7, 1, 0, 0, 0, 1] },
      { direction: [1, 1.1e-6, 0, -1.1e-6, 1, 0, 0, 0, 1] },
    ],
  ])("keeps SimpleITK's tolerance: %o, but not %o", (within, beyond) => {
    expect(compare(within).map((warning) => warning.code)).toEqual(['MASK_GEOMETRY_ROUNDED']);
    expect(failureOf(() => compare(beyond)).code).toMatch(/^MASK_/);
  });

  it('takes another tolerance', () => {
    expect(compare({ origin: [-10, 20, 30.002] }, 1e-3)).toHaveLength(1);
    expect(failureOf(() => compare({ origin: [-10, 20, 30 + 1e-9] }, 0)).code).toBe('MASK_ORIGIN_MISMATCH');
    expect(failureOf(() => compare({}, Number.NaN)).code).toBe('ARGUMENT_INVALID');
  });
});
