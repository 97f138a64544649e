import type { Levels } from './levels.ts';
import { type Offset, stepsOf } from './offsets.ts';
import { roomFor } from './rank-room.ts';

/** The connected zones of equal grey level, in the order of their first voxels. */
export interface Zones {
  readonly ranks: Uint16Array;
  readonly sizes: Int32Array;
  /** The first voxel of each as an offset in the region's box. */
  readonly firsts: Int32Array;
  /** The least of `distances` among the voxels of each, if there are any. */
  readonly nearest: Uint16Array;
}

/**
 * The zones of a region's grey levels: voxels belong together when one is at one of the `directions`, of length 1, from the other.
 * `distances` lie over the region's box.
 */
export function zonesOf(
  levels: Pick<Levels, 'region' | 'ranks'>,
  directions: readonly Offset[],
  distances: Uint16Array | null = null,
): Zones {
  const { order, apart } = unconnected(directions);
  const { region, ranks } = levels;
  const { count, numbers, partAt, voxelAt } = roomFor(levels).joinZones(
    stepsOf(order, region),
    apart,
    distances,
  );
  let left = count;
  for (let part = count - 1; part >= 0; part--) {
    const [at, parent] = [4 * part, 4 * partAt(numbers[4 * part])];
    if (parent === at) continue;
    // Parts belong to earlier ones.
    numbers[parent + 1] += numbers[at + 1];
    numbers[parent + 3] = Math.min(numbers[parent + 3], numbers[at + 3]);
    left--;
  }
  const zones = {
    ranks: new Uint16Array(left),
    sizes: new Int32Array(left),
    firsts: new Int32Array(left),
    nearest: new Uint16Array(left),
  };
  for (let part = 0, n = 0; n < left; part++) {
    const at = 4 * part;
    if (partAt(numbers[at]) !== part) continue;
    const first = voxelAt(numbers[at + 2]);
    zones.ranks[n] = ranks[first];
    zones.sizes[n] = numbers[at + 1];
    zones.firsts[n] = first;
    zones.nearest[n++] = numbers[at + 3];
  }
  return zones;
}

/**
 * The directions with the best connected first, and bits of those not connected to each: where a voxel has two neighbours of its grey
 * level that are neighbours themselves, one of them tells the zone.
 */
function unconnected(directions: readonly Offset[]): { order: Offset[]; apart: Int32Array } {
  const areConnected = (a: Offset, b: Offset) => a.every((length, axis) => Math.abs(length - b[axis]) <= 1);
  const connections = (a: Offset) => directions.filter((b) => areConnected(a, b)).length;
  const order = [...directions].sort((a, b) => connections(b) - connections(a));
  const apart = order.map((a) =>
    order.reduce((bits, b, n) => (areConnected(a, b) ? bits : bits | (1 << n)), 0),
  );
  return { order, apart: Int32Array.from(apart) };
}
