import type { Levels } from './levels.ts';
import { type Offset, stepsOf } from './offsets.ts';
import { roomFor } from './rank-room.ts';

/** The connected zones of equal grey level, in the order of their first voxels. */
export interface Zones {
  readonly ranks: Uint16Array;
  readonly sizes: Int32Array;
  /** The first voxel of each as an offset in the region's box. */
  readonly firsts: Int32Array;
  /** The least of `distances` among the voxels of each; 0 without these. */
  readonly nearest: Uint16Array;
}

/**
 * The zones of a region's grey levels: voxels belong together when one is at one of the `directions`, of length 1, from the other.
 * `distances` lie over the region's box.
 */
export function zonesOf(
  { region, ranks }: Pick<Levels, 'region' | 'ranks'>,
  directions: readonly Offset[],
  distances: Uint16Array | null = null,
): Zones {
  const { voxels } = region;
  const { order, apart } = unconnected(directions);
  const steps = stepsOf(order, region);
  const equal = roomFor({ region, ranks }).equalBits(steps);
  // No voxel looks farther back than to the plane before; the parts of its neighbours' zones wait in a ring.
  const ring = new Int32Array(2 ** (32 - Math.clz32(Math.max(0, ...steps))));
  const round = ring.length - 1;
  const parents = new Int32Array(voxels.length);
  const sizes = new Int32Array(voxels.length);
  const firsts = new Int32Array(voxels.length);
  const nearest = new Uint16Array(distances === null ? 0 : voxels.length).fill(0xffff);
  let parts = 0;
  for (let n = 0; n < voxels.length; n++) {
    const voxel = voxels[n];
    let left = equal[voxel];
    let part = parts;
    if (left === 0) {
      parents[parts] = parts;
      firsts[parts++] = voxel;
    } else {
      let direction = 31 - Math.clz32(left);
      part = ring[(voxel - steps[direction]) & round];
      for (left &= apart[direction]; left !== 0; left &= apart[direction]) {
        direction = 31 - Math.clz32(left);
        const other = ring[(voxel - steps[direction]) & round];
        if (other !== part) part = join(parents, part, other);
      }
    }
    ring[voxel & round] = part;
    sizes[part]++;
    if (distances !== null && distances[voxel] < nearest[part]) nearest[part] = distances[voxel];
  }
  return whole(ranks, parents.subarray(0, parts), sizes, firsts, nearest);
}

/**
 * The directions with the best connected last, and bits of those not connected to each: where a voxel has two neighbours of its grey
 * level that are neighbours themselves, one of them tells the zone.
 */
function unconnected(directions: readonly Offset[]): { order: Offset[]; apart: Int32Array } {
  const areConnected = (a: Offset, b: Offset) => a.every((length, axis) => Math.abs(length - b[axis]) <= 1);
  const connections = (a: Offset) => directions.filter((b) => areConnected(a, b)).length;
  const order = [...directions].sort((a, b) => connections(a) - connections(b));
  const apart = order.map((a) =>
    order.reduce((bits, b, n) => (areConnected(a, b) ? bits : bits | (1 << n)), 0),
  );
  return { order, apart: Int32Array.from(apart) };
}

/** Joins two parts of a zone; the lower number, which is of the earlier voxel, stands for both. */
function join(parents: Int32Array, a: number, b: number): number {
  const [one, other] = [root(parents, a), root(parents, b)];
  const lower = Math.min(one, other);
  parents[Math.max(one, other)] = lower;
  return lower;
}

function root(parents: Int32Array, part: number): number {
  let at = part;
  while (parents[at] !== at) {
    parents[at] = parents[parents[at]];
    at = parents[at];
  }
  return at;
}

/** Puts the parts of each zone together. */
function whole(
  ranks: Uint16Array,
  parents: Int32Array,
  sizes: Int32Array,
  firsts: Int32Array,
  nearest: Uint16Array,
): Zones {
  let count = 0;
  for (let part = parents.length - 1; part >= 0; part--) {
    const parent = parents[part];
    if (parent === part) count++;
    else {
      sizes[parent] += sizes[part];
      if (nearest[part] < nearest[parent]) nearest[parent] = nearest[part];
    }
  }
  const zones = {
    ranks: new Uint16Array(count),
    sizes: new Int32Array(count),
    firsts: new Int32Array(count),
    nearest: new Uint16Array(count),
  };
  for (let part = 0, n = 0; n < count; part++) {
    if (parents[part] !== part) continue;
    zones.ranks[n] = ranks[firsts[part]];
    zones.sizes[n] = sizes[part];
    zones.firsts[n] = firsts[part];
    zones.nearest[n++] = nearest[part];
  }
  return zones;
}
