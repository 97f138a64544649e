import { growTo, IdleMemory } from '../imaging/filters/idle-memory.ts';
import type { Levels } from './levels.ts';
import { type RankFunctions, rankFunctions } from './rank-kernel.ts';
import type { Region } from './region.ts';

const vectorBytes = 16;
/** Ranks in a vector. */
const together = 8;
const idle = new IdleMemory(rankFunctions);
const rooms = new WeakMap<Uint8Array, RankRoom>();

/** For each part four numbers: the address of the part that it belongs to, its size, the address of its first voxel, the least distance. */
export interface ZoneParts {
  readonly count: number;
  readonly numbers: Int32Array;
  readonly partAt: (address: number) => number;
  readonly voxelAt: (address: number) => number;
}

/** The room with the ranks of a region's voxels; one for all images and slices of a region. */
export function roomFor(levels: RankedRegion): RankRoom {
  const { mask } = levels.region;
  let room = rooms.get(mask);
  if (room === undefined) {
    room = new RankRoom(mask.length);
    rooms.set(mask, room);
  }
  room.enter(levels);
  return room;
}

/** Leaves the room of a region, if there is one, to others. It must not be used any more. */
export function releaseRoom({ mask }: Region): void {
  rooms.get(mask)?.release();
  rooms.delete(mask);
}

type RankedRegion = Pick<Levels, 'region' | 'ranks'>;

/**
 * Ranks over a region's box and what is computed of them, in memory of WebAssembly. What a method returns lies there, and holds
 * until the next call of any.
 *
 * The memory holds the ranks; room for as many numbers three times; the blocks; and what else a method needs. An empty vector parts them, as
 * the vectors at the edge of the box reach out of it.
 */
export class RankRoom {
  private readonly functions: RankFunctions;
  private readonly length: number;
  private readonly distance: number;
  private readonly blocks: number;
  private blocksEnd = 0;
  private readonly rest: number;
  private levels: RankedRegion | undefined;
  private voxels: Int32Array | undefined;

  constructor(length: number) {
    this.length = length;
    this.distance = (Math.ceil(length / together) + 1) * vectorBytes;
    this.blocks = vectorBytes + 4 * this.distance;
    this.rest = this.blocks + 4 * Math.ceil(length / together);
    this.functions = idle.take(2 * this.rest);
    new Uint8Array(this.functions.memory.buffer).subarray(0, this.rest).fill(0);
    this.reserve(0);
  }

  release(): void {
    idle.give(this.functions);
  }

  /** Puts a region's ranks in, unless they are there. */
  enter(levels: RankedRegion): void {
    if (levels === this.levels) return;
    this.levels = levels;
    this.numbers(0).set(levels.ranks);
    const { voxels } = levels.region;
    if (voxels === this.voxels) return;
    this.voxels = voxels;
    const blocks = new Uint32Array(
      this.functions.memory.buffer,
      this.blocks,
      Math.ceil(this.length / together),
    );
    let [count, last] = [0, -1];
    for (let n = 0; n < voxels.length; n++) {
      const block = (voxels[n] / together) | 0;
      if (block !== last) blocks[count++] = vectorBytes * (block + 1);
      last = block;
    }
    this.blocksEnd = this.blocks + 4 * count;
  }

  /** Over the box: the ranks (0), or room for numbers (1, 2, 3). */
  numbers(which: 0 | 1 | 2 | 3): Uint16Array {
    return new Uint16Array(this.functions.memory.buffer, vectorBytes + which * this.distance, this.length);
  }

  /**
   * Counts the voxels of the region by rank, in rows of `width`, and by what lies `step` before: at the number of its rank if that is
   * another, or else at `levels` plus the length that the run of equal ranks has with this voxel. Row 0 is of no use.
   */
  tally(step: number, levels: number, width: number): Uint32Array {
    const length = (levels + 1) * width;
    this.reserve(length);
    const table = new Uint32Array(this.functions.memory.buffer, this.rest, length).fill(0);
    // A near voxel before lies in the same vector.
    const name = step < together ? 'tallyNear' : 'tally';
    const { blocks, blocksEnd, distance, rest } = this;
    this.functions[name](blocks, blocksEnd, 2 * step, distance, levels, 4 * width, rest);
    return table;
  }

  /**
   * Counts the voxels of the region by rank, in rows of `width`, and by one plus how many of the voxels at `steps` to both sides have the
   * same; there is a step at least. Row 0 is of no use.
   */
  tallyEqual(steps: Int32Array, levels: number, width: number): Uint32Array {
    const length = (levels + 1) * width;
    this.reserve(length + steps.length);
    const { blocks, blocksEnd, rest } = this;
    const table = new Uint32Array(this.functions.memory.buffer, rest, length).fill(0);
    const [from, to] = this.putSteps(steps, rest + 4 * length);
    this.functions.tallyEqual(blocks, blocksEnd, from, to, 4 * width, rest);
    return table;
  }

  /**
   * Bits, the lowest for the first of up to 16 steps, of whether the voxel that lies so far before each voxel of the region has its rank,
   * and how many voxels have none.
   */
  equalBits(steps: Int32Array): { bits: Uint16Array; without: number } {
    if (steps.length === 0) return { bits: this.numbers(1).fill(0), without: this.voxels!.length };
    this.reserve(steps.length);
    const { blocks, blocksEnd, distance, rest } = this;
    const [from, to] = this.putSteps(steps, rest);
    this.functions.equalBits(blocks, blocksEnd, from, to, distance);
    const [without] = new Int32Array(this.functions.memory.buffer, rest, 1);
    return { bits: this.numbers(1), without };
  }

  private putSteps(steps: Int32Array, at: number): [from: number, to: number] {
    const bytes = new Int32Array(this.functions.memory.buffer, at, steps.length);
    for (let n = 0; n < steps.length; n++) bytes[n] = 2 * steps[n];
    return [at, at + 4 * steps.length];
  }

  /** Adds to the numbers over the box, which are in the first room for them, those at each step to both sides; then to the sums those at the next. */
  sumThree(steps: readonly number[]): Uint16Array {
    const voxels = this.voxels!;
    const reach = steps.reduce((sum, step) => sum + step, 0);
    let [from, to]: (1 | 2)[] = [1, 2];
    for (const step of steps) {
      const room = vectorBytes + from * this.distance;
      const at = room + 2 * Math.max(step, voxels[0] - reach);
      const end = room + 2 * Math.min(this.length - step, voxels[voxels.length - 1] + 1 + reach);
      this.functions.sumThree(at, end, 2 * step, (to - from) * this.distance);
      [from, to] = [to, from];
    }
    return this.numbers(from);
  }

  /**
   * How far each voxel's grey level is from the mean of its neighbours, summed by rank. `levelOf` has the level of each rank, from
   * rank 0 on; `sums`, of `sumThree`, those of the neighbours and the voxel; the last room for numbers says how many neighbours there are.
   */
  differences(levelOf: Float64Array, sums: Uint16Array): Float64Array {
    const size = levelOf.length;
    this.reserve(4 * size + 1);
    const at = Math.ceil(this.rest / 8) * 8;
    const tables = new Float64Array(this.functions.memory.buffer, at, 2 * size).fill(0);
    tables.set(levelOf);
    const { blocks, blocksEnd, distance } = this;
    const sumsAt = sums.byteOffset - vectorBytes;
    this.functions.addDifferences(blocks, blocksEnd, sumsAt, 3 * distance, at, at + 8 * size);
    return tables.slice(size);
  }

  /**
   * The parts of zones that joining each voxel to those of its rank at `steps` before it makes. Where one is, of the steps after it in
   * order only those among the bits `apart` are of interest. `distances`: numbers over the box, or null.
   */
  joinZones(steps: Int32Array, apart: Int32Array, distances: Uint16Array | null): ZoneParts {
    if (distances !== null) this.numbers(2).set(distances);
    // A voxel without one of its rank before it begins a part.
    const { without: count } = this.equalBits(steps);
    const ringLength = 2 ** (32 - Math.clz32(Math.max(0, ...steps)));
    const ring = this.rest + 8 * steps.length + 4;
    const parts = ring + 4 * ringLength;
    this.reserve((parts - this.rest) / 4 + 4 * count);
    const numbers = new Int32Array(this.functions.memory.buffer);
    const lists = this.rest / 4;
    for (let n = 0; n < steps.length; n++) {
      numbers[lists + 2 * n] = 2 * steps[n];
      numbers[lists + 2 * n + 1] = apart[n];
    }
    this.functions.joinZones(
      this.blocks,
      this.blocksEnd,
      this.distance,
      this.rest,
      ring,
      2 * ringLength - 2,
      parts,
      distances === null ? 0 : 2 * this.distance,
    );
    return {
      count,
      numbers: numbers.subarray(parts / 4, parts / 4 + 4 * count),
      partAt: (address) => (address - parts) >>> 4,
      voxelAt: (address) => (address - vectorBytes) >>> 1,
    };
  }

  /** Sees that there are so many 32-bit numbers behind the blocks. */
  private reserve(length: number): void {
    growTo(this.functions.memory, this.rest + 4 * length);
  }
}
