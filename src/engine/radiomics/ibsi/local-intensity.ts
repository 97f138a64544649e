import type { Vector3, Volume } from '../../imaging/index.ts';
import { type Region, Stretches } from '../region.ts';
import type { IbsiValues } from './catalogue.ts';

/** The radius in mm of a sphere of 1 cm³. */
export const peakRadius = Math.cbrt(3000 / (4 * Math.PI));

/**
 * Local and global intensity peak (IBSI 9ST6): means of the image, in the region and around it, over the voxels whose centres lie
 * within a sphere of 1 cm³. Local: around the region's voxel of highest intensity (of several, the highest mean).
 * Global: the highest mean around any of the region's voxels. Beyond the image there is nothing to average.
 *
 * `values[n]` is the intensity of the region's voxel n. Row sums make a sphere cost as much as its rows; of their planes
 * only those within reach are held.
 */
export function localIntensity(image: Volume, region: Region, values: Float64Array): IbsiValues<'loc'> {
  const [width, height, depth] = image.size;
  const { lower, size, margin } = region;
  const reach = image.spacing.map((length, axis) =>
    Math.min(Math.floor(peakRadius / length), image.size[axis]),
  );
  const chords = sphereRows(image.spacing, reach);
  const [x0, y0] = [0, 1].map((axis) => Math.max(0, lower[axis] - reach[axis]));
  const x1 = Math.min(width, lower[0] + size[0] + reach[0]);
  const y1 = Math.min(height, lower[1] + size[1] + reach[1]);
  const rows = y1 - y0;
  const length = x1 - x0 + 1;
  const planes = Array.from({ length: 2 * reach[2] + 1 }, () => ({
    z: -1,
    sums: new Float64Array(rows * length),
  }));

  /** Sums of each row up to each voxel. */
  function sumsOf(z: number): Float64Array {
    const found = planes[z % planes.length];
    if (found.z !== z) {
      found.z = z;
      const line = new Float64Array(x1 - x0);
      for (let y = y0; y < y1; y++) {
        const start = x0 + width * (y + height * z);
        line.set(image.voxels.subarray(start, start + line.length));
        const to = (y - y0) * length;
        let sum = 0;
        for (let x = 0; x < line.length; x++) {
          sum += line[x];
          found.sums[to + x + 1] = sum;
        }
      }
    }
    return found.sums;
  }

  let highest = -Infinity;
  for (let n = 0; n < values.length; n++) if (values[n] > highest) highest = values[n];
  let [local, anywhere] = [-Infinity, -Infinity];
  function meanAround(x: number, y: number, z: number): number {
    let [sum, count] = [0, 0];
    for (let c = 0; c < chords.length; c++) {
      const chord = chords[c];
      const [atY, atZ] = [y + chord.y, z + chord.z];
      if (atY < 0 || atY >= height || atZ < 0 || atZ >= depth) continue;
      const sums = sumsOf(atZ);
      const from = Math.max(0, x - chord.half) - x0;
      const to = Math.min(width - 1, x + chord.half) + 1 - x0;
      const start = (atY - y0) * length;
      sum += sums[start + to] - sums[start + from];
      count += to - from;
    }
    return sum / count;
  }
  for (const at = new Stretches(region.voxels, region.row, region.plane); at.next(); ) {
    for (let n = at.from; n < at.to; n++) {
      const mean = meanAround(
        lower[0] - margin + at.x + n - at.from,
        lower[1] - margin + at.y,
        lower[2] - margin + at.z,
      );
      if (mean > anywhere) anywhere = mean;
      if (values[n] === highest && mean > local) local = mean;
    }
  }
  return { loc_peak_loc: local, loc_peak_glob: anywhere };
}

/** A row of voxels that a sphere around a voxel's centre meets: where, and how many it holds on either side of the middle. */
interface Chord {
  readonly y: number;
  readonly z: number;
  readonly half: number;
}

function sphereRows(spacing: Vector3, [, reachY, reachZ]: readonly number[]): Chord[] {
  const chords: Chord[] = [];
  for (let z = -reachZ; z <= reachZ; z++) {
    for (let y = -reachY; y <= reachY; y++) {
      const left = peakRadius ** 2 - (y * spacing[1]) ** 2 - (z * spacing[2]) ** 2;
      if (left >= 0) chords.push({ y, z, half: Math.floor(Math.sqrt(left) / spacing[0]) });
    }
  }
  return chords;
}
