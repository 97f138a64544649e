import { Failure } from '../../failure.ts';
import type { Box } from '../label-box.ts';
import type { Vector3, Volume, VoxelArray } from '../volume.ts';
import { type FilteredImage, filteredImage, requireBox } from './filtered-image.ts';

/** How to compare a voxel with a circle around it; the names and defaults of PyRadiomics' settings in brackets. */
export interface BinaryPattern2DOptions {
  /** Radius of the circle in voxels (lbp2DRadius: 1). */
  readonly radius?: number;
  /** Number of points on the circle (lbp2DSamples: 8); at most 31 for `default` and `ror`. */
  readonly samples?: number;
  /** (lbp2DMethod: uniform.) */
  readonly method?: 'default' | 'ror' | 'uniform' | 'var';
  /** The axis that the planes are perpendicular to, 0 to 2 for x to z (force2Ddimension, there counted from z). Default z. */
  readonly normal?: number;
}

const methods = ['default', 'ror', 'uniform', 'var'] as const;
const mostSamples = 1024;

/**
 * The local binary pattern of every voxel in its plane; `lbp-2D`, in the image's own type of voxel (PyRadiomics: what does
 * not fit is cut off, as C does). Points on the circle are interpolated linearly, 0 outside of the image; a point counts 1
 * where it is at least the voxel. `uniform`: the number of ones, or samples + 1 where going along the circle meets more than
 * two changes; `default`: the ones as a binary number; `ror`: the least of its rotations; `var`: the
 * variance on the circle (where it is 0, PyRadiomics has NaN in an image of floats; here it is 0 in any).
 *
 * As scikit-image's local_binary_pattern, which PyRadiomics takes; Ojala, Pietikäinen and Mäenpää, IEEE PAMI 24 (2002) 971.
 * Throws `ARGUMENT_INVALID` (region, options) and `IMAGE_NOT_FINITE`.
 */
export function binaryPattern2DImage(
  image: Volume,
  region: Box,
  options: BinaryPattern2DOptions = {},
): FilteredImage {
  requireBox(image, region);
  const { radius, samples, method, normal } = complete(options);
  // The rows of a plane are counted by `down`, its columns by `across`, as PyRadiomics' arrays have them.
  const [down, across] = [
    [1, 2],
    [2, 0],
    [1, 0],
  ][normal];
  const strides: Vector3 = [1, image.size[0], image.size[0] * image.size[1]];
  const boxStrides: Vector3 = [1, region.size[0], region.size[0] * region.size[1]];
  const values = new (image.voxels.constructor as new (length: number) => VoxelArray)(
    region.size[0] * region.size[1] * region.size[2],
  );
  const [height, width] = [image.size[down], image.size[across]];
  const circle = circleOf(radius, samples);
  const pattern = { texture: new Float64Array(samples), signs: new Uint8Array(samples) };
  const margin = Math.ceil(Math.fround(radius)) + 1;
  const rows = rangeAround(region.lower[down], region.size[down], margin, height);
  const columns = rangeAround(region.lower[across], region.size[across], margin, width);
  const plane: Plane = {
    values: new Float64Array((rows.last - rows.first) * (columns.last - columns.first)),
    firstRow: rows.first,
    firstColumn: columns.first,
    width: columns.last - columns.first,
    rows: height,
    columns: width,
  };
  for (let k = 0; k < region.size[normal]; k++) {
    const offset = (region.lower[normal] + k) * strides[normal];
    fill(plane, image.voxels, offset, strides[down], strides[across]);
    for (let r = 0; r < region.size[down]; r++) {
      for (let c = 0; c < region.size[across]; c++) {
        const [row, column] = [region.lower[down] + r, region.lower[across] + c];
        sampleCircle(plane, row, column, circle, pattern.texture);
        const centre = plane.values[(row - plane.firstRow) * plane.width + column - plane.firstColumn];
        for (let i = 0; i < samples; i++) pattern.signs[i] = pattern.texture[i] - centre >= 0 ? 1 : 0;
        values[k * boxStrides[normal] + r * boxStrides[down] + c * boxStrides[across]] = patternValue(
          pattern.signs,
          pattern.texture,
          method,
        );
      }
    }
  }
  return filteredImage('lbp-2D', image, region, values);
}

/** The part of a plane that is read. */
interface Plane {
  readonly values: Float64Array;
  readonly firstRow: number;
  readonly firstColumn: number;
  /** Columns that are held. */
  readonly width: number;
  /** Rows and columns of the whole. */
  readonly rows: number;
  readonly columns: number;
}

interface Circle {
  readonly rows: Float64Array;
  readonly columns: Float64Array;
}

/** Offsets of the points, rounded to 5 decimals; the radius is a float32 there. */
function circleOf(radius: number, samples: number): Circle {
  const r = Math.fround(radius);
  const rounded = (value: number) => roundHalfEven(value * 1e5) / 1e5;
  const angles = Float64Array.from({ length: samples }, (_, i) => (2 * Math.PI * i) / samples);
  return {
    rows: angles.map((angle) => rounded(-r * Math.sin(angle))),
    columns: angles.map((angle) => rounded(r * Math.cos(angle))),
  };
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

function rangeAround(first: number, count: number, margin: number, length: number) {
  return { first: Math.max(0, first - margin), last: Math.min(length, first + count + margin) };
}

function fill(plane: Plane, voxels: VoxelArray, offset: number, down: number, across: number): void {
  const { values, width, firstRow, firstColumn } = plane;
  for (let at = 0, row = firstRow; at < values.length; row++) {
    const start = offset + row * down + firstColumn * across;
    for (let column = 0; column < width; column++, at++) values[at] = voxels[start + column * across];
  }
}

function sampleCircle(plane: Plane, row: number, column: number, circle: Circle, to: Float64Array): void {
  for (let i = 0; i < to.length; i++) {
    // Of the place in the whole plane, as its rounding decides between equals.
    const r = row + circle.rows[i];
    const c = column + circle.columns[i];
    const top = Math.floor(r);
    const left = Math.floor(c);
    const bottom = Math.ceil(r);
    const right = Math.ceil(c);
    const dr = r - top;
    const dc = c - left;
    const upper = (1 - dc) * pixel(plane, top, left) + dc * pixel(plane, top, right);
    const lower = (1 - dc) * pixel(plane, bottom, left) + dc * pixel(plane, bottom, right);
    to[i] = (1 - dr) * upper + dr * lower;
  }
}

function pixel(plane: Plane, row: number, column: number): number {
  if (row < 0 || row >= plane.rows || column < 0 || column >= plane.columns) return 0;
  return plane.values[(row - plane.firstRow) * plane.width + column - plane.firstColumn];
}

function patternValue(
  signs: Uint8Array,
  texture: Float64Array,
  method: NonNullable<BinaryPattern2DOptions['method']>,
): number {
  const { length } = signs;
  if (method === 'default' || method === 'ror') {
    let value = 0;
    for (let i = 0; i < length; i++) value += signs[i] * 2 ** i;
    if (method === 'default') return value;
    let least = value;
    for (let i = 1; i < length; i++) {
      value = Math.floor(value / 2) + (value % 2) * 2 ** (length - 1);
      if (value < least) least = value;
    }
    return least;
  }
  if (method === 'var') return variance(texture);
  let changes = 0;
  let ones = signs[length - 1];
  for (let i = 0; i < length - 1; i++) {
    if (signs[i] !== signs[i + 1]) changes++;
    ones += signs[i];
  }
  return changes <= 2 ? ones : length + 1;
}

/** By the sum of squares, as scikit-image has it: where all are equal, rounding may leave a little, of either sign. */
function variance(values: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i];
    squares += values[i] * values[i];
  }
  return (squares - (sum * sum) / values.length) / values.length;
}

function complete(options: BinaryPattern2DOptions): Required<BinaryPattern2DOptions> {
  const { radius = 1, samples = 8, method = 'uniform', normal = 2 } = options;
  const refuse = (argument: string, value: unknown, must: string): never => {
    throw new Failure('ARGUMENT_INVALID', `${argument} is ${value}, but must be ${must}`, {
      argument,
      value: String(value),
    });
  };
  if (!(radius > 0 && radius <= 1e6)) refuse('radius', radius, 'positive and at most 1e6 voxels');
  if (!methods.includes(method)) refuse('method', method, `one of ${methods.join(', ')}`);
  const most = method === 'default' || method === 'ror' ? 31 : mostSamples;
  if (!Number.isInteger(samples) || samples < 1 || samples > most)
    refuse('samples', samples, `a whole number from 1 to ${most}`);
  if (![0, 1, 2].includes(normal)) refuse('normal', normal, '0, 1 or 2');
  return { radius, samples, method, normal };
}
