import { Failure } from '../failure.ts';
import { axisNames, columnLengths, requireGeometry } from './geometry.ts';
import type { NiftiHeader } from './nifti-header.ts';
import type { Geometry, Matrix3, Vector3 } from './volume.ts';

/** Millimetres in a unit of `xyzt_units`; where it is unknown (0), millimetres as ITK takes them. */
const millimetres: Readonly<Record<number, number>> = { 0: 1, 1: 1000, 2: 1, 3: 0.001 };

/** How far from 0 the cosines between an sform's axes may be where there is a qform to take instead; as ITK's. */
const skewTolerance = 1e-4;
/** How much the length of an sform column may differ from pixdim, relative. */
const scaleTolerance = 1e-3;

/** The centre of voxel (i, j, k) is `steps · (i, j, k) + offset`, in RAS and header units. */
interface Affine {
  readonly steps: Matrix3;
  readonly offset: Vector3;
}

/**
 * The geometry that a NIfTI header gives, by ITK's policy (docs/methods.md, "Image geometry"): spacing from `pixdim`; origin
 * and direction from the sform where there is no qform or where the sform's code is 1 (scanner) and its axes are at right
 * angles, else from the qform; origin 0 and unit axes where neither is set. RAS becomes LPS, metres and micrometres mm.
 *
 * Throws `IMAGE_GEOMETRY_INVALID` for what ITK would guess at or hide: spacing that is not finite and positive, an sform
 * whose steps contradict `pixdim`, axes that are not at right angles, an unknown unit.
 */
export function niftiGeometry(header: NiftiHeader): Geometry {
  const size = header.dims.slice(0, 3) as unknown as Vector3;
  const spacing = header.pixdim.slice(1, 4) as unknown as Vector3;
  const unit = millimetres[header.spatialUnit];
  if (unit === undefined) invalid('xyzt_units', header.spatialUnit, 'a unit of length');
  spacing.forEach((step, axis) => {
    if (!(step > 0 && Number.isFinite(step))) invalid(`pixdim[${axis + 1}]`, step, 'a positive length');
  });
  const affine = chooseAffine(header, spacing);
  const direction = unitColumns(affine.steps);
  const [x, y, z] = affine.offset;
  return requireGeometry({
    size,
    spacing: [spacing[0] * unit, spacing[1] * unit, spacing[2] * unit],
    origin: [positiveZero(-x * unit), positiveZero(-y * unit), z * unit],
    direction: direction.map((value, n) => positiveZero(n < 6 ? -value : value)) as unknown as Matrix3,
  });
}

function chooseAffine(header: NiftiHeader, spacing: Vector3): Affine {
  const { qformCode, sformCode } = header;
  if (qformCode <= 0 && sformCode <= 0) {
    // LPS's unit axes, in RAS.
    return { steps: [-1, 0, 0, 0, -1, 0, 0, 0, 1], offset: [0, 0, 0] };
  }
  if (sformCode <= 0) return qform(header, spacing);
  const fromSform = sform(header);
  if (qformCode <= 0) return requireScale(fromSform, spacing);
  if (sformCode === 1 && hasRightAngles(fromSform.steps)) return requireScale(fromSform, spacing);
  return qform(header, spacing);
}

function sform({ affine }: NiftiHeader): Affine {
  affine.forEach((value, n) => {
    if (!Number.isFinite(value)) invalid(`srow_${axisNames[Math.floor(n / 4)]}[${n % 4}]`, value, 'finite');
  });
  const [a, b, c, x, d, e, f, y, g, h, i, z] = affine;
  return { steps: [a, b, c, d, e, f, g, h, i], offset: [x, y, z] };
}

/** nifti1.h, method 2: a rotation by a unit quaternion of which b, c, d are stored; a left-handed grid has qfac -1. */
function qform(header: NiftiHeader, spacing: Vector3): Affine {
  let [b, c, d] = header.quaternion;
  const square = b * b + c * c + d * d;
  if (!(square <= 1.001)) invalid('quatern_b, quatern_c, quatern_d', square, 'part of a unit quaternion');
  header.quaternionOffset.forEach((value, n) => {
    if (!Number.isFinite(value)) invalid(`qoffset_${axisNames[n]}`, value, 'finite');
  });
  let a = Math.sqrt(Math.max(0, 1 - square));
  if (1 - square < 1e-7) {
    // A half turn: rounding must not make a of what is b, c, d too short or too long.
    const length = Math.sqrt(square);
    [a, b, c, d] = [0, b / length, c / length, d / length];
  }
  const [x, y] = spacing;
  const z = header.pixdim[0] < 0 ? -spacing[2] : spacing[2];
  const steps: Matrix3 = [
    (a * a + b * b - c * c - d * d) * x,
    2 * (b * c - a * d) * y,
    2 * (b * d + a * c) * z,
    2 * (b * c + a * d) * x,
    (a * a + c * c - b * b - d * d) * y,
    2 * (c * d - a * b) * z,
    2 * (b * d - a * c) * x,
    2 * (c * d + a * b) * y,
    (a * a + d * d - b * b - c * c) * z,
  ];
  return {
    // ITK holds NIfTI-1's matrices in single precision; so do we, to have its direction to the bit.
    steps: (header.version === 1 ? steps.map(Math.fround) : steps) as unknown as Matrix3,
    offset: header.quaternionOffset as unknown as Vector3,
  };
}

function hasRightAngles(steps: Matrix3): boolean {
  const u = unitColumns(steps);
  const cosine = (m: number, n: number) => u[m] * u[n] + u[m + 3] * u[n + 3] + u[m + 6] * u[n + 6];
  return (
    columnLengths(steps).every((length) => length > 0) &&
    Math.max(Math.abs(cosine(0, 1)), Math.abs(cosine(0, 2)), Math.abs(cosine(1, 2))) <= skewTolerance
  );
}

function unitColumns(steps: Matrix3): Matrix3 {
  const lengths = columnLengths(steps);
  return steps.map((value, n) => value / (lengths[n % 3] || 1)) as unknown as Matrix3;
}

/** An sform that stands for the scanner must step as far as `pixdim` says: else the file names two spacings. */
function requireScale(affine: Affine, spacing: Vector3): Affine {
  columnLengths(affine.steps).forEach((length, axis) => {
    if (Math.abs(length - spacing[axis]) <= scaleTolerance * spacing[axis]) return;
    throw new Failure(
      'IMAGE_GEOMETRY_INVALID',
      `the sform steps ${length} along ${axisNames[axis]}, but pixdim[${axis + 1}] is ${spacing[axis]}`,
      { field: `pixdim[${axis + 1}]`, value: spacing[axis], sform: length },
    );
  });
  return affine;
}

function positiveZero(value: number): number {
  return value === 0 ? 0 : value;
}

function invalid(field: string, value: number, expected: string): never {
  throw new Failure('IMAGE_GEOMETRY_INVALID', `the header's ${field} is ${value}, not ${expected}`, {
    field,
    value: Number.isFinite(value) ? value : String(value),
  });
}
