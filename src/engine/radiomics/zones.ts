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
    const at = 4 * part;
    const parent = 4 * partAt(numbers[at]);
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
  const connected = directions.map((a) => ({
    a,
    count: directions.filter((b) => areConnected(a, b)).length,
  }));
  const order = connected.sort((a, b) => b.count - a.count).map(({ a }) => a);
  const apart = new Int32Array(order.length);
  for (let n = 0; n < order.length; n++) {
    for (let m = 0; m < order.length; m++) if (!areConnected(order[n], order[m])) apart[n] |= 1 << m;
  }
  return { order, apart };
}

const areConnected = (a: Offset, b: Offset): boolean =>
  Math.abs(a[0] - b[0]) <= 1 && Math.abs(a[1] - b[1]) <= 1 && Math.abs(a[2] - b[2]) <= 1;
