import { Failure, type FailureCode } from '../failure.ts';
import type { Warning } from '../warning.ts';
import { axisNames } from './geometry.ts';
import type { Geometry } from './volume.ts';

/** What messages call the two. */
export interface GeometryNames {
  readonly image: string;
  readonly mask: string;
}

export interface GeometryComparison {
  /**
   * PyRadiomics' `geometryTolerance`: spacing and origin may differ by this part of the image's spacing along x, the
   * direction's cosines by it as such. Default 1e-6.
   */
  readonly geometryTolerance?: number;
}

interface Mismatch {
  readonly code: FailureCode;
  readonly message: string;
  readonly details: Readonly<Record<string, number | string>>;
}

/**
 * Makes sure that a mask lies on its image's grid, as SimpleITK's filters and with them PyRadiomics compare: equal sizes, and
 * no coordinate of spacing, origin and direction further apart than the tolerance (itk::ImageBase::IsCongruentImageGeometry).
 *
 * Throws the first of `MASK_SIZE_MISMATCH`, `MASK_SPACING_MISMATCH`, `MASK_ORIGIN_MISMATCH`, `MASK_DIRECTION_MISMATCH`, saying by
 * how many mm (for the direction: by how many degrees, and how far that moves the grid's far corner); `details.mismatches`
 * lists all that differ. Returns `MASK_GEOMETRY_ROUNDED` where there is a difference within the tolerance.
 */
export function requireSameGeometry(
  image: Geometry,
  mask: Geometry,
  names: GeometryNames,
  { geometryTolerance = 1e-6 }: GeometryComparison = {},
): Warning[] {
  if (!(geometryTolerance >= 0)) {
    throw new Failure(
      'ARGUMENT_INVALID',
      `geometryTolerance is ${geometryTolerance}, not a number from 0 up`,
      {
        field: 'geometryTolerance',
      },
    );
  }
  const lengthTolerance = geometryTolerance * image.spacing[0];
  const mismatches = [
    sizeMismatch(image, mask),
    vectorMismatch('spacing', image, mask, lengthTolerance),
    vectorMismatch('origin', image, mask, lengthTolerance),
    directionMismatch(image, mask, geometryTolerance),
  ].filter((mismatch) => mismatch !== null);
  if (mismatches.length > 0) {
    const [{ code, message, details }] = mismatches;
    throw new Failure(code, `${names.mask} does not fit ${names.image}: ${message}`, {
      ...details,
      mask: names.mask,
      image: names.image,
      tolerance: geometryTolerance,
      mismatches: mismatches.map((mismatch) => mismatch.code),
    });
  }
  if (
    differs(image.spacing, mask.spacing, 0) ||
    differs(image.origin, mask.origin, 0) ||
    differs(image.direction, mask.direction, 0)
  ) {
    return [
      {
        code: 'MASK_GEOMETRY_ROUNDED',
        message: `the geometry of ${names.mask} differs from that of ${names.image} within the tolerance of ${geometryTolerance}`,
      },
    ];
  }
  return [];
}

function sizeMismatch(image: Geometry, mask: Geometry): Mismatch | null {
  const axis = [0, 1, 2].find((n) => image.size[n] !== mask.size[n]);
  if (axis === undefined) return null;
  const extent = Math.abs(mask.size[axis] * mask.spacing[axis] - image.size[axis] * image.spacing[axis]);
  return {
    code: 'MASK_SIZE_MISMATCH',
    message: `it has ${mask.size.join(' × ')} voxels against ${image.size.join(' × ')}, and along ${axisNames[axis]} another extent by ${millimetres(extent)}`,
    details: {
      axis: axisNames[axis],
      found: mask.size[axis],
      expected: image.size[axis],
      millimetres: extent,
    },
  };
}

function vectorMismatch(
  field: 'spacing' | 'origin',
  image: Geometry,
  mask: Geometry,
  tolerance: number,
): Mismatch | null {
  if (!differs(image[field], mask[field], tolerance)) return null;
  const differences = [0, 1, 2].map((n) => Math.abs(mask[field][n] - image[field][n]));
  const axis = differences.indexOf(Math.max(...differences));
  const found = mask[field][axis];
  const expected = image[field][axis];
  return {
    code: field === 'spacing' ? 'MASK_SPACING_MISMATCH' : 'MASK_ORIGIN_MISMATCH',
    message: `its ${field} along ${axisNames[axis]} is off by ${millimetres(differences[axis])} (${found} against ${expected})`,
    details: { axis: axisNames[axis], found, expected, millimetres: differences[axis] },
  };
}

function directionMismatch(image: Geometry, mask: Geometry, tolerance: number): Mismatch | null {
  if (!differs(image.direction, mask.direction, tolerance)) return null;
  const difference = mask.direction.map((cosine, n) => cosine - image.direction[n]);
  const chords = [0, 1, 2].map((n) => Math.hypot(difference[n], difference[n + 3], difference[n + 6]));
  const axis = chords.indexOf(Math.max(...chords));
  // By the chord, as a cosine next to 1 has no digits left for a small angle.
  const degrees = (2 * Math.asin(Math.min(1, chords[axis] / 2)) * 180) / Math.PI;
  const reach = [0, 1, 2].map((n) => (image.size[n] - 1) * image.spacing[n]);
  const corner = Math.hypot(
    ...[0, 3, 6].map(
      (row) => difference[row] * reach[0] + difference[row + 1] * reach[1] + difference[row + 2] * reach[2],
    ),
  );
  return {
    code: 'MASK_DIRECTION_MISMATCH',
    message: `its ${axisNames[axis]} axis is turned by ${Number(degrees.toPrecision(4))}°, which moves the far corner by ${millimetres(corner)}`,
    details: { axis: axisNames[axis], degrees, millimetres: corner },
  };
}

function differs(one: readonly number[], other: readonly number[], tolerance: number): boolean {
  return one.some((value, n) => Math.abs(value - other[n]) > tolerance);
}

function millimetres(length: number): string {
  return `${Number(length.toPrecision(4))} mm`;
}
