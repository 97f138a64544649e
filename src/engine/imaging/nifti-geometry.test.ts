import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../test/support/failure-of.ts';
import { type NiftiFields, niftiBytes } from '../../../test/support/nifti-bytes.ts';
import { niftiGeometry } from './nifti-geometry.ts';
import { parseNiftiHeader } from './nifti-header.ts';

const geometryOf = (fields: NiftiFields) =>
  niftiGeometry(parseNiftiHeader(niftiBytes(fields), fields.version ?? 1));

describe('niftiGeometry', () => {
  const pixdim = [1, 1.5, 2, 3.25];
  const quaternion = [0.1, 0.2, 0.3, 10, -20, 30];
  const [c, s] = [Math.cos(Math.PI / 6), 0.5];
  const affine = [c * 1.5, -s * 2, 0, 1, s * 1.5, c * 2, 0, 2, 0, 0, 3.25, 3];
  const skewed = affine.map((value, n) => (n === 1 ? value + 0.1 : value));

  // The files of these headers, read by SimpleITK 2.5.7 (ITK 5.4): origin and direction.
  const fromQform = [
    [-10, 20, 30],
    [
      -0.7399999879012075, 0.516417130564304, -0.4309447427071317, -0.5964171314704059, -0.799999988428663,
      0.06547236541620488, -0.3109447269127192, 0.3054723649921047, 0.8999999989443839,
    ],
  ];
  const fromSform = [
    [-1, -2, 3],
    [-0.8660253949314785, 0.5000000067305869, 0, -0.5000000153337767, -0.8660253998985324, 0, 0, 0, 1],
  ];
  const leftHanded = [fromQform[0], fromQform[1].map((cosine, n) => (n % 3 === 2 ? -cosine : cosine))];
  const halfTurn = [
    [-1, -2, 3],
    [0.2799999633789071, 0, -0.9600000106811514, 0, 1, 0, 0.9600000106811514, 0, 0.2799999633789071],
  ];
  const none = [
    [0, 0, 0],
    [1, 0, 0, 0, 1, 0, 0, 0, 1],
  ];

  it.each<[string, NiftiFields, number[][]]>([
    ['the unit axes without either form', {}, none],
    ['the qform alone', { qformCode: 1, quaternion }, fromQform],
    ['the qform with qfac -1', { qformCode: 1, quaternion, pixdim: [-1, 1.5, 2, 3.25] }, leftHanded],
    ['a qform of half a turn', { qformCode: 1, quaternion: [0.6, 0, 0.8, 1, 2, 3] }, halfTurn],
    ['the sform alone, whatever its code', { sformCode: 2, affine }, fromSform],
    ['the sform of the scanner', { qformCode: 2, quaternion, sformCode: 1, affine }, fromSform],
    [
      'the qform before an sform of another space',
      { qformCode: 1, quaternion, sformCode: 2, affine },
      fromQform,
    ],
    [
      'the qform before a skewed sform',
      { qformCode: 1, quaternion, sformCode: 1, affine: skewed },
      fromQform,
    ],
  ])('takes %s, as ITK does', (_, fields, [origin, direction]) => {
    const volume = geometryOf({ pixdim, ...fields });
    expect(volume.spacing).toEqual([1.5, 2, 3.25]);
    expect(volume.origin).toEqual(origin);
    expect(volume.direction).toEqual(direction);
  });

  it('reads the same from NIfTI-2, to double precision', () => {
    const { origin, direction } = geometryOf({ version: 2, pixdim, qformCode: 1, quaternion });
    expect(origin).toEqual([-10, 20, 30]);
    for (const [n, cosine] of direction.entries()) expect(cosine).toBeCloseTo(fromQform[1][n], 6);
    // 1 - 2 (c² + d²), negated for L.
    expect(direction[0]).toBeCloseTo(-(1 - 2 * (0.04 + 0.09)), 14);
  });

  it.each([
    [0, 1],
    [1, 1000],
    [2, 1],
    [3, 0.001],
    [2 + 8, 1],
  ])('takes unit code %i for %d mm', (units, millimetres) => {
    const { spacing, origin } = geometryOf({ pixdim, units, qformCode: 1, quaternion });
    expect(spacing).toEqual([1.5, 2, 3.25].map((length) => length * millimetres));
    expect(origin).toEqual([-10, 20, 30].map((length) => length * millimetres));
  });

  it.each<[string, NiftiFields, string]>([
    ['an unknown unit', { units: 5 }, 'xyzt_units'],
    ['a spacing of NaN', { pixdim: [1, 1, Number.NaN, 1] }, 'pixdim[2]'],
    ['a spacing of 0', { pixdim: [1, 0, 1, 1] }, 'pixdim[1]'],
    ['a negative spacing', { pixdim: [1, 1, 1, -1] }, 'pixdim[3]'],
    ['an infinite spacing', { pixdim: [1, 1, 1, Number.POSITIVE_INFINITY] }, 'pixdim[3]'],
    [
      'an sform with NaN',
      { sformCode: 1, affine: [1, 0, 0, 0, 0, 1, Number.NaN, 0, 0, 0, 1, 0] },
      'srow_y[2]',
    ],
    ['an sform of zeros', { sformCode: 1 }, 'pixdim[1]'],
    ['a singular sform', { sformCode: 1, affine: [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0] }, 'direction'],
    [
      'a skewed sform alone',
      { sformCode: 1, pixdim: [1, 1.5, Math.hypot(skewed[1], skewed[5]), 3.25], affine: skewed },
      'direction',
    ],
    ['an sform that contradicts pixdim', { sformCode: 1, affine }, 'pixdim[1]'],
    [
      'a quaternion that is too long',
      { qformCode: 1, quaternion: [0.9, 0.9, 0, 0, 0, 0] },
      'quatern_b, quatern_c, quatern_d',
    ],
    [
      'a quaternion of NaN',
      { qformCode: 1, quaternion: [Number.NaN, 0, 0, 0, 0, 0] },
      'quatern_b, quatern_c, quatern_d',
    ],
    [
      'an infinite qoffset',
      { qformCode: 1, quaternion: [0, 0, 0, 0, 0, Number.NEGATIVE_INFINITY] },
      'qoffset_z',
    ],
  ])('refuses %s', (_, fields, field) => {
    const failure = failureOf(() => geometryOf(fields));
    expect(failure.code).toBe('IMAGE_GEOMETRY_INVALID');
    expect(failure.details.field).toBe(field);
  });
});
