import { growTo, IdleMemory } from '../imaging/filters/idle-memory.ts';
import { maximumGrayLevels } from './settings.ts';
import { type ValueFunctions, valueFunctions } from './value-kernel.ts';

/** Those of the levels, one that makes sure of the last, and the end. */
const mostEdges = maximumGrayLevels + 2;
const idle = new IdleMemory(valueFunctions);
const rooms = new WeakMap<Int32Array, ValueRoom>();

/** The values of a region's voxels in memory of WebAssembly, and sums over them; one for all images of a region. */
export class ValueRoom {
  /** The values, for whoever computes them to write. */
  readonly values: Float64Array;
  private readonly functions: ValueFunctions;
  private readonly length: number;
  /** Where the values end, and the room for what is computed of them begins. */
  private readonly end: number;

  /** The room for the values of a region's voxels. */
  static for(voxels: Int32Array): ValueRoom {
    let room = rooms.get(voxels);
    if (room === undefined) {
      room = new ValueRoom(voxels.length);
      rooms.set(voxels, room);
    }
    return room;
  }

  /** The same with these values in it. */
  static of(values: Float64Array, voxels: Int32Array): ValueRoom {
    const room = ValueRoom.for(voxels);
    if (values !== room.values) room.values.set(values);
    return room;
  }

  /** Leaves the room of these voxels, if there is one, to others. It must not be used any more. */
  static release(voxels: Int32Array): void {
    const room = rooms.get(voxels);
    if (room === undefined) return;
    rooms.delete(voxels);
    idle.give(room.functions);
  }

  private constructor(length: number) {
    this.length = length;
    this.end = 16 * Math.ceil(length / 2);
    const bytes = this.end + 8 * mostEdges + 2 * length;
    this.functions = idle.take(bytes);
    growTo(this.functions.memory, bytes);
    this.values = this.numbers(length);
  }

  /** The number from 1 on of the last of the edges at or below each value; see the kernel. Holds until the next call of any method. */
  bins(edges: Float64Array, low: number, step: number): Uint16Array {
    const { functions, end, length } = this;
    const levels = end + 8 * mostEdges;
    new Float64Array(functions.memory.buffer, end, edges.length).set(edges);
    functions.bins(0, 8 * length, end, edges.length - 2, levels, low, 1 / step);
    return new Uint16Array(functions.memory.buffer, levels, length);
  }

  range(): { sum: number; minimum: number; maximum: number } {
    const [first] = this.numbers(1);
    this.fill(first);
    this.functions.range(0, this.end, this.end);
    const [a, b, low, low2, high, high2] = this.results();
    const sum = this.length % 2 ? a + b - first : a + b;
    return { sum, minimum: Math.min(low, low2), maximum: Math.max(high, high2) };
  }

  /** The sums of the deviations from the mean: absolute, and to the powers 2, 3, 4. */
  deviations(mean: number): [absolute: number, second: number, third: number, fourth: number] {
    this.fill(mean);
    this.functions.deviations(0, this.end, this.end, mean);
    const r = this.results();
    return [r[0] + r[1], r[2] + r[3], r[4] + r[5], r[6] + r[7]];
  }

  /** Of the values from `low` to `high`: how many there are, their sum, and that of their absolute deviations from a centre. */
  within(low: number, high: number, centre: number): { number: number; sum: number; absolute: number } {
    this.fill(Number.NaN);
    this.functions.within(0, this.end, this.end, low, high, centre);
    const r = this.results();
    return { number: r[0] + r[1], sum: r[2] + r[3], absolute: r[4] + r[5] };
  }

  /** Of an odd number of values the last has a companion that makes no difference. */
  private fill(value: number): void {
    if (this.length % 2) this.numbers(this.length + 1)[this.length] = value;
  }

  private numbers(length: number): Float64Array {
    return new Float64Array(this.functions.memory.buffer, 0, length);
  }

  private results(): Float64Array {
    return new Float64Array(this.functions.memory.buffer, this.end, 8);
  }
}
