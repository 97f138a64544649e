import { Failure } from '../failure.ts';
import { columnLengths, requireGeometry } from './geometry.ts';
import { shorten } from './nrrd-header.ts';
import type { Geometry, Matrix3, Vector3 } from './volume.ts';

type Fields = ReadonlyMap<string, string>;

/** Signs that turn a space's x and y into LPS. Spaces that say nothing of the patient are taken as LPS, as by ITK. */
const spaces: Readonly<Record<string, readonly [number, number]>> = {
  'left-posterior-superior': [1, 1],
  lps: [1, 1],
  'right-anterior-superior': [-1, -1],
  ras: [-1, -1],
  'left-anterior-superior': [1, -1],
  las: [1, -1],
  'scanner-xyz': [1, 1],
  '3d-right-handed': [1, 1],
  '3d-left-handed': [1, 1],
};

/**
 * The geometry that an NRRD header gives to a grid of `sizes`: from `space directions` and `space origin` (0 where absent)
 * in the header's `space`, or without a space from `spacings`, with origin 0 and unit axes. Axes of size 1 that are no
 * spatial ones are left out.
 *
 * Throws `IMAGE_NOT_3D`; `IMAGE_GEOMETRY_INVALID` where spacing is missing or wrong; `FILE_UNSUPPORTED` for `axis mins`
 * or `axis maxs` in place of a space, and for other units than mm; `FILE_CORRUPT` for malformed or contradicting fields.
 */
export function nrrdGeometry(fields: Fields, sizes: readonly number[]): Geometry {
  requireMillimetres(fields);
  const dimension = spaceDimension(fields);
  return dimension === null ? withoutSpace(fields, sizes) : inSpace(fields, sizes, dimension);
}

/** The number of coordinates of the header's space, or null where it has none. */
function spaceDimension(fields: Fields): number | null {
  const space = fields.get('space');
  const stated = fields.get('space dimension');
  if (space !== undefined && stated !== undefined)
    corrupt('space dimension', stated, 'absent where there is a space');
  if (stated !== undefined) return wholeNumber('space dimension', stated);
  if (space === undefined) return null;
  if (/-time$|^(ras|las|lps)t$/i.test(space)) return 4;
  if (!(space.toLowerCase() in spaces)) corrupt('space', space, 'a space of the format');
  return 3;
}

function inSpace(fields: Fields, sizes: readonly number[], dimension: number): Geometry {
  if (dimension !== 3) {
    throw new Failure('IMAGE_NOT_3D', `the image lies in a space of ${dimension} dimensions`, {
      dimensions: sizes,
    });
  }
  const stated = fields.get('space directions');
  if (stated === undefined) missing('space directions', 'its space');
  if (fields.has('spacings'))
    corrupt('spacings', fields.get('spacings') ?? '', 'absent where there are directions');
  const directions = vectors('space directions', stated, sizes.length);
  const axes = sizes.map((_, n) => n).filter((n) => directions[n] !== null);
  requireThreeAxes(fields, sizes, axes);
  const origin = vectors('space origin', fields.get('space origin') ?? '(0,0,0)', 1)[0];
  if (origin === null) corrupt('space origin', 'none', 'a vector');
  const [flipX, flipY] = spaces[fields.get('space')?.toLowerCase() ?? 'lps'];
  const [i, j, k] = axes.map((n) => directions[n] as Vector3);
  const steps: Matrix3 = [
    flipX * i[0],
    flipX * j[0],
    flipX * k[0],
    flipY * i[1],
    flipY * j[1],
    flipY * k[1],
    i[2],
    j[2],
    k[2],
  ];
  const spacing = columnLengths(steps);
  // By the reciprocal, as in Teem and so in ITK, to have its direction to the bit.
  const direction = steps.map((value, n) => positiveZero(value * (1 / spacing[n % 3])));
  return requireGeometry({
    size: axes.map((n) => sizes[n]) as unknown as Vector3,
    spacing,
    origin: [positiveZero(flipX * origin[0]), positiveZero(flipY * origin[1]), origin[2]],
    direction: direction as unknown as Matrix3,
  });
}

function withoutSpace(fields: Fields, sizes: readonly number[]): Geometry {
  for (const field of ['axis mins', 'axis maxs', 'space directions', 'space origin']) {
    if (!fields.has(field)) continue;
    throw new Failure(
      'FILE_UNSUPPORTED',
      `the header gives "${field}" without a space; "spacings" alone is read`,
      {
        field,
      },
    );
  }
  const stated = fields.get('spacings');
  if (stated === undefined) missing('spacings', 'its lack of a space');
  const spacings = stated.split(/\s+/).map((text) => numberOf('spacings', text));
  if (spacings.length !== sizes.length) corrupt('spacings', stated, `a list of ${sizes.length}`);
  const axes = sizes.map((_, n) => n).filter((n) => n < 3 || sizes[n] !== 1);
  requireThreeAxes(fields, sizes, axes);
  return requireGeometry({
    size: axes.map((n) => sizes[n]) as unknown as Vector3,
    spacing: axes.map((n) => spacings[n]) as unknown as Vector3,
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  });
}

function requireThreeAxes(fields: Fields, sizes: readonly number[], axes: readonly number[]): void {
  const kinds = fields.get('kinds')?.split(/\s+/) ?? [];
  const isSpatial = (axis: number) => /^(domain|space|\?+|none)$/i.test(kinds[axis] ?? 'domain');
  if (axes.length !== 3 || sizes.some((size, n) => size !== 1 && !axes.includes(n))) {
    throw new Failure(
      'IMAGE_NOT_3D',
      `the image has the dimensions ${sizes.join(' × ')}, ${axes.length} of them in space`,
      { dimensions: sizes },
    );
  }
  for (const axis of axes) {
    if (isSpatial(axis)) continue;
    throw new Failure('IMAGE_NOT_3D', `axis ${axis} is of kind "${shorten(kinds[axis])}", not one of space`, {
      field: 'kinds',
      value: shorten(kinds[axis]),
    });
  }
}

function requireMillimetres(fields: Fields): void {
  for (const field of ['space units', 'units']) {
    for (const [unit] of (fields.get(field) ?? '').matchAll(/"[^"]*"|\S+/g)) {
      if (/^"?(mm|millimeters?|millimetres?|\?*|none)"?$/i.test(unit)) continue;
      throw new Failure('FILE_UNSUPPORTED', `the header's ${field} are ${shorten(unit)}; only mm are read`, {
        field,
        value: shorten(unit),
      });
    }
  }
}

/** Parses `(a,b,c) none (d,e,f) …`. */
function vectors(field: string, text: string, count: number): (Vector3 | null)[] {
  const parts = text.match(/\([^()]*\)|[^\s()]+/g) ?? [];
  if (parts.length !== count) corrupt(field, text, `a list of ${count} vectors`);
  return parts.map((part) => {
    if (part.toLowerCase() === 'none') return null;
    const numbers = /^\((.*)\)$/.exec(part)?.[1].split(',') ?? [];
    if (numbers.length !== 3) corrupt(field, part, 'a vector of three numbers');
    const vector = numbers.map((number) => numberOf(field, number.trim()));
    // Version 5 writes an axis outside the space as a vector of NaN.
    if (vector.every(Number.isNaN)) return null;
    return vector as unknown as Vector3;
  });
}

function numberOf(field: string, text: string): number {
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) corrupt(field, text, 'a number');
  return Number(text);
}

/** A whole number from 1 up. */
export function wholeNumber(field: string, text: string): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (value < 1) corrupt(field, text, 'a whole number from 1 up');
  return value;
}

function positiveZero(value: number): number {
  return value === 0 ? 0 : value;
}

export function corrupt(field: string, value: string, expected: string): never {
  throw new Failure('FILE_CORRUPT', `the header's ${field} is "${shorten(value)}", not ${expected}`, {
    field,
    value: shorten(value),
  });
}

function missing(field: string, beside: string): never {
  throw new Failure('IMAGE_GEOMETRY_INVALID', `the header gives no ${field} beside ${beside}`, { field });
}
