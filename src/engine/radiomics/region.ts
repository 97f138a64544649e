import type { Geometry, Vector3, VoxelArray } from '../imaging/index.ts';

/**
 * A region of interest: the voxels that count, in the box around them with a margin of empty voxels on every side, so that a
 * neighbour up to `margin` voxels away needs no check of bounds. In that box a step in x is 1, in y `row`, in z `plane`.
 */
export interface Region {
  /** Index of the box's first voxel (margin left out) in the image, and the box's size. */
  readonly lower: Vector3;
  readonly size: Vector3;
  /** Voxel spacing in mm. */
  readonly spacing: Vector3;
  readonly margin: number;
  readonly row: number;
  readonly plane: number;
  /** The region's voxels as offsets in the box with its margin, ascending (z slowest, x fastest). */
  readonly voxels: Int32Array;
  /** The same voxels as offsets in the whole image. */
  readonly positions: Int32Array;
  /** 1 in the region and 0 outside, over the box with its margin. */
  readonly mask: Uint8Array;
}

/** The region of the voxels at the given offsets of an image, which are ascending and at least one. */
export function regionOf(image: Geometry, positions: Int32Array, margin: number): Region {
  const [width, height] = image.size;
  const area = width * height;
  let [x0, y0] = [width, height];
  let [x1, y1] = [0, 0];
  const z0 = Math.floor(positions[0] / area);
  const z1 = Math.floor(positions[positions.length - 1] / area);
  forEachStretch(positions, width, area, (from, to, x, y) => {
    x0 = Math.min(x0, x);
    x1 = Math.max(x1, x + to - from - 1);
    y0 = Math.min(y0, y);
    y1 = Math.max(y1, y);
  });
  const size: Vector3 = [x1 - x0 + 1, y1 - y0 + 1, z1 - z0 + 1];
  const row = size[0] + 2 * margin;
  const plane = row * (size[1] + 2 * margin);
  const mask = new Uint8Array(plane * (size[2] + 2 * margin));
  const voxels = new Int32Array(positions.length);
  forEachStretch(positions, width, area, (from, to, x, y, z) => {
    const first = (z - z0 + margin) * plane + (y - y0 + margin) * row + (x - x0 + margin);
    for (let n = from; n < to; n++) voxels[n] = first + n - from;
    mask.fill(1, first, first + to - from);
  });
  return { lower: [x0, y0, z0], size, spacing: image.spacing, margin, row, plane, voxels, positions, mask };
}

/**
 * Visits ascending offsets of a grid with so many voxels in a row and in a plane by stretches of neighbours in one row: those numbered
 * `from` to `to`, which is exclusive, from (x, y, z) on.
 */
export function forEachStretch(
  offsets: Int32Array,
  row: number,
  plane: number,
  visit: (from: number, to: number, x: number, y: number, z: number) => void,
): void {
  for (let from = 0, to = 0; from < offsets.length; from = to) {
    const first = offsets[from];
    const z = Math.floor(first / plane);
    const y = Math.floor((first - z * plane) / row);
    const x = first - z * plane - y * row;
    const most = Math.min(offsets.length, from + row - x);
    to = from + 1;
    while (to < most && offsets[to] === first + to - from) to++;
    visit(from, to, x, y, z);
  }
}

/** The image's values at ascending offsets, as float64; in `values`, if given. */
export function valuesAt(
  voxels: VoxelArray,
  positions: Int32Array,
  values: Float64Array = new Float64Array(positions.length),
): Float64Array {
  // Filtered images are of these types; of any other set() converts stretches at full speed.
  if (voxels instanceof Float64Array) return take64(voxels, positions, values);
  if (voxels instanceof Float32Array) return take32(voxels, positions, values);
  let start = 0;
  for (let n = 1; n <= positions.length; n++) {
    if (n === positions.length || positions[n] !== positions[n - 1] + 1) {
      values.set(voxels.subarray(positions[start], positions[n - 1] + 1), start);
      start = n;
    }
  }
  return values;
}

function take64(voxels: Float64Array, positions: Int32Array, values: Float64Array): Float64Array {
  for (let n = 0; n < positions.length; n++) values[n] = voxels[positions[n]];
  return values;
}

function take32(voxels: Float32Array, positions: Int32Array, values: Float64Array): Float64Array {
  for (let n = 0; n < positions.length; n++) values[n] = voxels[positions[n]];
  return values;
}

const chunkLength = 1 << 14;

/** Visits voxels [from, to) as float64 chunks, so that the visiting loops see one array type. A chunk is reused. */
export function forEachChunk(
  voxels: VoxelArray,
  from: number,
  to: number,
  visit: (chunk: Float64Array, start: number) => void,
): void {
  const buffer = new Float64Array(Math.min(chunkLength, to - from));
  for (let start = from; start < to; start += chunkLength) {
    const length = Math.min(chunkLength, to - start);
    const chunk = length === buffer.length ? buffer : buffer.subarray(0, length);
    chunk.set(voxels.subarray(start, start + length));
    visit(chunk, start);
  }
}
