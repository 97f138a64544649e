import type { Geometry } from '../engine/imaging/volume.ts';
import type { Random } from '../engine/statistics/random.ts';
import { whiteNoise } from './white-noise.ts';

/**
 * A random field with mean 0, standard deviation 1 over the voxels where `region` is positive, or over all, and a correlation length of about `length` mm in
 * every direction: white noise smoothed by a two-sided exponential, twice along each axis. Only +, −, ×, ÷ and √ are
 * used, which IEEE 754 rounds alike everywhere, so that the field is the same to the bit on any machine.
 */
export function smoothField(
  geometry: Geometry,
  length: number,
  random: Random,
  region?: Float64Array,
): Float64Array {
  const [nx, ny, nz] = geometry.size;
  const [dx, dy, dz] = geometry.spacing;
  const field = whiteNoise(nx * ny * nz, random);
  for (let pass = 0; pass < 2; pass++) {
    smoothAxis(field, ny * nz, nx, 1, dx / length);
    smoothAxis(field, nz, ny, nx, dy / length);
    smoothAxis(field, 1, nz, nx * ny, dz / length);
  }
  standardise(field, region);
  return field;
}

/** Smooths along the middle axis of an array of `outer` × `count` × `inner` values, forwards and then backwards. */
function smoothAxis(field: Float64Array, outer: number, count: number, inner: number, step: number): void {
  const gain = step / (1 + step);
  const last = (count - 1) * inner;
  for (let block = 0; block < outer; block++) {
    const from = block * count * inner;
    for (let at = from + inner; at < from + last + inner; at++) {
      const before = field[at - inner];
      field[at] = before + gain * (field[at] - before);
    }
    for (let at = from + last - 1; at >= from; at--) {
      const after = field[at + inner];
      field[at] = after + gain * (field[at] - after);
    }
  }
}

/** To mean 0 and standard deviation 1 over the voxels where `region` is positive, or over all. */
function standardise(field: Float64Array, region: Float64Array | undefined): void {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let at = 0; at < field.length; at++) {
    if (region && !(region[at] > 0)) continue;
    count++;
    sum += field[at];
    squares += field[at] * field[at];
  }
  const mean = sum / count;
  const scale = 1 / Math.sqrt(squares / count - mean * mean);
  for (let at = 0; at < field.length; at++) field[at] = (field[at] - mean) * scale;
}
