import { Failure } from '../../failure.ts';
import { requireGeometry } from '../geometry.ts';
import type { Geometry, Matrix3, Vector3 } from '../volume.ts';
import { type ImageSlice, seriesKey } from './image-slice.ts';

/** How far orientation cosines may differ within a series, and rows and columns be from a right angle. */
const cosineTolerance = 1e-4;

/** How far a plane may lie from its place on an even grid: files round positions, some to 0.01 mm. */
export function planeTolerance(spacing: number): number {
  return Math.max(0.05, 0.02 * spacing);
}

export interface OrderedSlices {
  readonly slices: readonly ImageSlice[];
  readonly geometry: Geometry;
}

/**
 * Puts the slices of one series in order along their normal (the cross product of row and column direction, so that the volume is
 * right-handed) and gives their grid: origin at the first, spacing the mean distance. Each slice must lie within
 * 0.05 mm or 2 % of the spacing of its place on that grid, along the normal and across. A single slice takes the distance that its
 * file states.
 *
 * Throws `SERIES_MIXED` where the slices are of several series, orientations, sizes or spacings; `SERIES_UNEVEN` where slices are
 * missing, doubled, unevenly spaced or sheared (`details.kind`), with their positions in mm; `IMAGE_GEOMETRY_INVALID`.
 */
export function orderSlices(slices: readonly ImageSlice[]): OrderedSlices {
  const [first] = slices;
  const axes = orientationOf(first);
  for (const slice of slices) requireSameSeries(first, slice);
  const normal: Vector3 = [axes[2], axes[5], axes[8]];
  const placed = slices
    .map((slice) => ({ slice, at: dot(slice.position, normal) }))
    .sort((a, b) => a.at - b.at);
  const positions = placed.map(({ at }) => at);
  const ordered = placed.map(({ slice }) => slice);
  const spacing = slices.length === 1 ? statedDistance(first) : evenDistance(positions, ordered);
  const geometry: Geometry = {
    size: [first.format.columns, first.format.rows, slices.length],
    spacing: [...first.spacing, spacing],
    origin: ordered[0].position,
    direction: axes,
  };
  requireGeometry(geometry);
  requireOnGrid(ordered, positions, geometry);
  return { slices: ordered, geometry };
}

/** The columns row direction, column direction and normal, each of length 1. */
function orientationOf({ orientation, file }: ImageSlice): Matrix3 {
  const length = (from: number) => Math.hypot(...orientation.slice(from, from + 3));
  const [rowLength, columnLength] = [length(0), length(3)];
  const r = orientation.slice(0, 3).map((cosine) => cosine / rowLength);
  const c = orientation.slice(3).map((cosine) => cosine / columnLength);
  const cosine = r[0] * c[0] + r[1] * c[1] + r[2] * c[2];
  const bad =
    !(Math.abs(rowLength - 1) <= cosineTolerance) ||
    !(Math.abs(columnLength - 1) <= cosineTolerance) ||
    !(Math.abs(cosine) <= cosineTolerance);
  if (bad) {
    throw new Failure(
      'IMAGE_GEOMETRY_INVALID',
      `${file.name}: ImageOrientationPatient is ${orientation.join(', ')}, not two unit vectors at right angles`,
      { file: file.name, field: 'direction', value: orientation },
    );
  }
  const n = [r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]];
  const size = Math.hypot(...n);
  return [r[0], c[0], n[0] / size, r[1], c[1], n[1] / size, r[2], c[2], n[2] / size];
}

function requireSameSeries(first: ImageSlice, slice: ImageSlice): void {
  const [expected, found] = [seriesKey(first), seriesKey(slice)];
  const mixed = (field: string, one: string, other: string): never => {
    throw new Failure(
      'SERIES_MIXED',
      `${slice.file.name} differs from ${first.file.name} in ${field}: ${other || 'none'} against ${one || 'none'}`,
      { file: slice.file.name, other: first.file.name, field, found: other, expected: one },
    );
  };
  for (const field of Object.keys(expected)) {
    if (expected[field] !== found[field]) mixed(field, expected[field], found[field]);
  }
  if (slice.orientation.some((cosine, n) => !(Math.abs(cosine - first.orientation[n]) <= cosineTolerance))) {
    mixed('ImageOrientationPatient', first.orientation.join(', '), slice.orientation.join(', '));
  }
  if (slice.spacing.some((step, n) => !(Math.abs(step - first.spacing[n]) <= 1e-4 * first.spacing[n]))) {
    mixed('PixelSpacing', first.spacing.join(' × '), slice.spacing.join(' × '));
  }
}

function statedDistance({ stated, file }: ImageSlice): number {
  if (stated !== null) return Math.abs(stated);
  throw new Failure(
    'IMAGE_GEOMETRY_INVALID',
    `${file.name} is the only slice and states neither SliceThickness nor SpacingBetweenSlices`,
    { file: file.name, field: 'spacing' },
  );
}

/** The mean distance, once none is 0 or a multiple of the others. */
function evenDistance(positions: readonly number[], slices: readonly ImageSlice[]): number {
  const gaps = positions.slice(1).map((at, n) => at - positions[n]);
  const positive = gaps.filter((gap) => gap > 1e-3).sort((a, b) => a - b);
  const median = positive[Math.floor(positive.length / 2)] ?? 0;
  const doubled = gaps.findIndex((gap) => gap <= Math.max(1e-3, 0.02 * median));
  if (doubled >= 0) {
    const [a, b] = [slices[doubled], slices[doubled + 1]];
    const count = gaps.filter((gap) => gap <= 1e-3).length;
    uneven(
      'doubled',
      `two slices lie at ${millimetres(positions[doubled])}: ${sliceName(a)} and ${sliceName(b)}` +
        (count > 1 ? ` (${count + 1} slices share their position with another)` : ''),
      [positions[doubled], positions[doubled + 1]],
      [sliceName(a), sliceName(b)],
    );
  }
  const gap = gaps.findIndex((length) => length > 1.5 * median);
  if (gap >= 0) {
    const count = Math.max(1, Math.round(gaps[gap] / median) - 1);
    uneven(
      'missing',
      `${count} slice${count === 1 ? ' is' : 's are'} missing between ${millimetres(positions[gap])} and ${millimetres(positions[gap + 1])}, where others are ${millimetres(median)} apart`,
      [positions[gap], positions[gap + 1]],
      [sliceName(slices[gap]), sliceName(slices[gap + 1])],
    );
  }
  return (positions[positions.length - 1] - positions[0]) / gaps.length;
}

function requireOnGrid(
  slices: readonly ImageSlice[],
  positions: readonly number[],
  geometry: Geometry,
): void {
  const { origin, direction, spacing } = geometry;
  const tolerance = planeTolerance(spacing[2]);
  for (const [n, { position }] of slices.entries()) {
    const along = positions[n] - positions[0] - n * spacing[2];
    if (!(Math.abs(along) <= tolerance)) {
      uneven(
        'uneven',
        `the slice at ${millimetres(positions[n])} is ${millimetres(along)} off an even spacing of ${millimetres(spacing[2])}`,
        [positions[n]],
        [sliceName(slices[n])],
      );
    }
    const across = [0, 1].map((axis) =>
      [0, 1, 2].reduce((sum, row) => sum + (position[row] - origin[row]) * direction[3 * row + axis], 0),
    );
    const shear = Math.hypot(...across);
    if (!(shear <= tolerance)) {
      uneven(
        'sheared',
        `the slice at ${millimetres(positions[n])} is moved by ${millimetres(shear)} across the slices' normal (a tilted gantry?)`,
        [positions[n]],
        [sliceName(slices[n])],
      );
    }
  }
}

function uneven(kind: string, message: string, positions: number[], files: string[]): never {
  throw new Failure('SERIES_UNEVEN', message, { kind, millimetres: positions, files });
}

function sliceName({ file, frame, format }: ImageSlice): string {
  return format.frames > 1 ? `${file.name}, frame ${frame + 1}` : file.name;
}

function millimetres(length: number): string {
  return `${Number(length.toFixed(3))} mm`;
}

function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
