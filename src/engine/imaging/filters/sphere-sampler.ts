import type { Box } from '../label-box.ts';
import { splineCoefficients, splineMargin } from '../resampling/spline-coefficients.ts';
import type { Vector3, Volume, VoxelArray } from '../volume.ts';

/**
 * Interpolates an image by cubic B-splines at fixed offsets from whole voxels, as scipy.ndimage.map_coordinates does with mode
 * `constant`: mirrored edges, 0 beyond the outermost voxels, the result in the type of the array that takes it.
 */
export class SphereSampler {
  /** Number of offsets. */
  readonly count: number;
  private readonly size: Vector3;
  private readonly offsets: Float64Array;
  private readonly box: Box;
  private readonly coefficients: Float64Array;
  /** For each offset the first of the 4 × 4 × 4 coefficients, relative to the voxel, and their weights. */
  private readonly firsts: Int32Array;
  private readonly weights: Float64Array;
  /** The 64 coefficients relative to their first. */
  private readonly stencil: Int32Array;
  private readonly reach: number;

  /** `offsets`: x, y, z in voxels, one after the other; samples may be taken at the voxels of `region`. */
  constructor(image: Volume, region: Box, offsets: Float64Array) {
    this.count = offsets.length / 3;
    this.size = image.size;
    this.offsets = offsets;
    this.reach = Math.ceil(offsets.reduce((most, offset) => Math.max(most, Math.abs(offset)), 0)) + 2;
    const lower: number[] = [];
    const size: number[] = [];
    for (let axis = 0; axis < 3; axis++) {
      const margin = Math.min(this.reach + splineMargin, image.size[axis]);
      lower.push(Math.max(0, region.lower[axis] - margin));
      size.push(Math.min(image.size[axis], region.lower[axis] + region.size[axis] + margin) - lower[axis]);
    }
    this.box = { lower: lower as unknown as Vector3, size: size as unknown as Vector3 };
    this.coefficients = splineCoefficients(image, this.box);
    const [row, plane] = [size[0], size[0] * size[1]];
    this.stencil = Int32Array.from(
      { length: 64 },
      (_, n) => (n & 3) + row * ((n >> 2) & 3) + plane * (n >> 4),
    );
    this.firsts = new Int32Array(offsets.length);
    this.weights = new Float64Array(64 * this.count);
    for (let n = 0; n < this.count; n++) {
      const along = [0, 1, 2].map((axis) => {
        const offset = offsets[3 * n + axis];
        const whole = Math.floor(offset);
        this.firsts[3 * n + axis] = whole - 1;
        return cubicWeights(offset - whole);
      });
      for (let k = 0; k < 64; k++) {
        this.weights[64 * n + k] = along[0][k & 3] * along[1][(k >> 2) & 3] * along[2][k >> 4];
      }
    }
  }

  /** The values around voxel (x, y, z). */
  sample(x: number, y: number, z: number, to: VoxelArray): void {
    const { size, offsets, firsts, weights, stencil, coefficients } = this;
    const isFloat = to instanceof Float64Array || to instanceof Float32Array;
    const [bx, by, bz] = this.box.lower;
    const row = this.box.size[0];
    const plane = row * this.box.size[1];
    const inner =
      this.isInner(x, 0) && this.isInner(y, 1) && this.isInner(z, 2)
        ? x - bx + row * (y - by) + plane * (z - bz)
        : -1;
    for (let n = 0; n < this.count; n++) {
      let value = 0;
      if (inner >= 0) {
        const first = inner + firsts[3 * n] + row * firsts[3 * n + 1] + plane * firsts[3 * n + 2];
        for (let k = 0; k < 64; k++) value += weights[64 * n + k] * coefficients[first + stencil[k]];
      } else {
        const beyond =
          isBeyond(x + offsets[3 * n], size[0]) ||
          isBeyond(y + offsets[3 * n + 1], size[1]) ||
          isBeyond(z + offsets[3 * n + 2], size[2]);
        if (!beyond) value = this.atEdge(x, y, z, n);
      }
      to[n] = isFloat ? value : rounded(value, to);
    }
  }

  /** Whether all that is read around an index is in the image, and so in the box. */
  private isInner(index: number, axis: number): boolean {
    return index >= this.reach && index + this.reach < this.size[axis];
  }

  private atEdge(x: number, y: number, z: number, n: number): number {
    const { size, box, firsts, weights, coefficients } = this;
    const [bx, by, bz] = box.lower;
    let value = 0;
    for (let k = 0; k < 64; k++) {
      const i = mirrored(x + firsts[3 * n] + (k & 3), size[0]) - bx;
      const j = mirrored(y + firsts[3 * n + 1] + ((k >> 2) & 3), size[1]) - by;
      const l = mirrored(z + firsts[3 * n + 2] + (k >> 4), size[2]) - bz;
      value += weights[64 * n + k] * coefficients[i + box.size[0] * (j + box.size[1] * l)];
    }
    return value;
  }
}

function cubicWeights(t: number): readonly number[] {
  const u = 1 - t;
  return [
    (u * u * u) / 6,
    (4 - 6 * t * t + 3 * t * t * t) / 6,
    (4 - 6 * u * u + 3 * u * u * u) / 6,
    (t * t * t) / 6,
  ];
}

function isBeyond(position: number, length: number): boolean {
  return position < 0 || position > length - 1;
}

function rounded(value: number, to: VoxelArray): number {
  const isUnsigned = to instanceof Uint8Array || to instanceof Uint16Array || to instanceof Uint32Array;
  if (isUnsigned) return value > 0 ? Math.min(value + 0.5, 2 ** (8 * to.BYTES_PER_ELEMENT) - 1) : 0;
  return Math.trunc(value + (value > 0 ? 0.5 : -0.5));
}

function mirrored(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const within = ((index % period) + period) % period;
  return within < length ? within : period - within;
}
