import { Failure } from '../failure.ts';
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
  /** 1 in the region and 0 outside, over the box with its margin. */
  readonly mask: Uint8Array;
}

/** Of so many voxels the textures' room for ranks has the 4 GiB that there are. */
const largestBox = 480_000_000;

/**
 * The region of the voxels at the given offsets of an image, which are ascending and at least one. Throws `IMAGE_TOO_LARGE` where its
 * box has too many voxels to be worked on.
 */
export function regionOf(image: Geometry, positions: Int32Array, margin: number): Region {
  const [width, height] = image.size;
  const area = width * height;
  let [x0, y0] = [width, height];
  let [x1, y1] = [0, 0];
  const z0 = Math.floor(positions[0] / area);
  const z1 = Math.floor(positions[positions.length - 1] / area);
  for (const at = new Stretches(positions, width, area); at.next(); ) {
    x0 = Math.min(x0, at.x);
    x1 = Math.max(x1, at.x + at.to - at.from - 1);
    y0 = Math.min(y0, at.y);
    y1 = Math.max(y1, at.y);
  }
  const size: Vector3 = [x1 - x0 + 1, y1 - y0 + 1, z1 - z0 + 1];
  const row = size[0] + 2 * margin;
  const plane = row * (size[1] + 2 * margin);
  const boxVoxels = plane * (size[2] + 2 * margin);
  if (boxVoxels > largestBox) {
    throw new Failure(
      'IMAGE_TOO_LARGE',
      `The box around the region of interest has ${boxVoxels} voxels; at most ${largestBox} are allowed.`,
      { voxels: boxVoxels, limit: largestBox },
    );
  }
  const mask = new Uint8Array(boxVoxels);
  const voxels = new Int32Array(positions.length);
  for (const at = new Stretches(positions, width, area); at.next(); ) {
    const first = (at.z - z0 + margin) * plane + (at.y - y0 + margin) * row + (at.x - x0 + margin);
    for (let n = at.from; n < at.to; n++) voxels[n] = first + n - at.from;
    mask.fill(1, first, first + at.to - at.from);
  }
  return { lower: [x0, y0, z0], size, spacing: image.spacing, margin, row, plane, voxels, mask };
}

/**
 * Visits ascending offsets of a grid with so many voxels in a row and in a plane by stretches of neighbours in one row: those numbered
 * `from` to `to`, which is exclusive, from (x, y, z) on.
 *
 * A cursor, where a callback would be a new closure for each region: V8 drops the code of closures that are gone, and would compile
 * the visiting loops anew, on threads that other workers need.
 */
export class Stretches {
  from = 0;
  to = 0;
  x = 0;
  y = 0;
  z = 0;
  private readonly offsets: Int32Array;
  private readonly row: number;
  private readonly plane: number;

  constructor(offsets: Int32Array, row: number, plane: number) {
    this.offsets = offsets;
    this.row = row;
    this.plane = plane;
  }

  /** Goes to the next stretch; false behind the last. */
  next(): boolean {
    const { offsets, row, plane, to: from } = this;
    if (from >= offsets.length) return false;
    const first = offsets[from];
    const z = Math.floor(first / plane);
    const y = Math.floor((first - z * plane) / row);
    const x = first - z * plane - y * row;
    const most = Math.min(offsets.length, from + row - x);
    let to = from + 1;
    while (to < most && offsets[to] === first + to - from) to++;
    this.from = from;
    this.to = to;
    this.x = x;
    this.y = y;
    this.z = z;
    return true;
  }
}

/** The image's values at ascending offsets, as float64. */
export function valuesAt(voxels: VoxelArray, positions: Int32Array): Float64Array {
  const values = new Float64Array(positions.length);
  let start = 0;
  for (let n = 1; n <= positions.length; n++) {
    if (n === positions.length || positions[n] !== positions[n - 1] + 1) {
      values.set(voxels.subarray(positions[start], positions[n - 1] + 1), start);
      start = n;
    }
  }
  return values;
}

/** Puts into `values` what an image that is as large as the region's box, without its margin, has at the region's voxels. */
export function takeValues(voxels: VoxelArray, region: Region, values: Float64Array): void {
  // Filtered images are of these types; of any other set() converts stretches at full speed.
  if (voxels instanceof Float64Array) take64(voxels, region, values);
  else if (voxels instanceof Float32Array) take32(voxels, region, values);
  else {
    for (const at = new Stretches(region.voxels, region.row, region.plane); at.next(); ) {
      const first = at.x - region.margin + boxRow(region, at.y, at.z);
      values.set(voxels.subarray(first, first + at.to - at.from), at.from);
    }
  }
}

function take64(voxels: Float64Array, region: Region, values: Float64Array): void {
  const { voxels: offsets, row } = region;
  for (let n = 0, shift = 0, end = 0; n < offsets.length; n++) {
    const offset = offsets[n];
    if (offset >= end) {
      end = row * (Math.floor(offset / row) + 1);
      shift = boxShift(region, end - row);
    }
    values[n] = voxels[offset + shift];
  }
}

function take32(voxels: Float32Array, region: Region, values: Float64Array): void {
  const { voxels: offsets, row } = region;
  for (let n = 0, shift = 0, end = 0; n < offsets.length; n++) {
    const offset = offsets[n];
    if (offset >= end) {
      end = row * (Math.floor(offset / row) + 1);
      shift = boxShift(region, end - row);
    }
    values[n] = voxels[offset + shift];
  }
}

/** What leads from the offsets of a row, which starts at `start` in the box with its margin, to those in the box without. */
function boxShift(region: Region, start: number): number {
  const z = Math.floor(start / region.plane);
  return boxRow(region, (start - z * region.plane) / region.row, z) - region.margin - start;
}

/** Where a row of the box with its margin starts in the box without. */
function boxRow({ margin, size }: Region, y: number, z: number): number {
  return size[0] * (y - margin + size[1] * (z - margin));
}

const chunkLength = 1 << 14;

/** Voxels [from, to) as float64 chunks, so that the visiting loops see one array type. A chunk is reused. */
export function* chunksOf(
  voxels: VoxelArray,
  from: number,
  to: number,
): Generator<{ readonly chunk: Float64Array; readonly start: number }> {
  const buffer = new Float64Array(Math.min(chunkLength, to - from));
  for (let start = from; start < to; start += chunkLength) {
    const length = Math.min(chunkLength, to - start);
    const chunk = length === buffer.length ? buffer : buffer.subarray(0, length);
    chunk.set(voxels.subarray(start, start + length));
    yield { chunk, start };
  }
}
