import { type WasmFunction, wasm, wasmModule } from '../imaging/filters/wasm-module.ts';
import { add, advance, type Code, instruction, isBelow, load, locals, set, store } from './instructions.ts';

/** Sums over values, two at once; `at` to `end` and `out` are addresses in bytes. Each sum is left as two, of every other value. */
interface SumFunctions {
  readonly memory: WebAssembly.Memory;
  /** The sum, the minimum and the maximum. */
  readonly range: (at: number, end: number, out: number) => void;
  /** The sums of the deviations from the mean: absolute, and to the powers 2, 3, 4. */
  readonly deviations: (at: number, end: number, out: number, mean: number) => void;
  /** Of the values from `low` to `high`: the number, the sum, and the sum of the absolute deviations from the centre. */
  readonly within: (at: number, end: number, out: number, low: number, high: number, centre: number) => void;
}

// On vectors of two float64.
const atMost = instruction(0xfd, 0x4b);
const and = instruction(0xfd, 0x4e);
const absolute = instruction(0xfd, 0xec, 0x01);
const plus = instruction(...wasm.addPair());
const minus = instruction(...wasm.subtractPair());
const times = instruction(...wasm.multiplyPair());
const lower = instruction(0xfd, 0xf6, 0x01);
const higher = instruction(0xfd, 0xf7, 0x01);
const splat = instruction(...wasm.splat());
const one = [0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f];
const { get, constant } = wasm;

/** Takes each pair of values through `body`, then puts the results out. */
function over(
  at: number,
  end: number,
  out: number,
  body: readonly Code[],
  results: readonly number[],
): number[] {
  return [
    ...wasm.repeat(...body.map((code) => [...code]), advance(at, 16), isBelow(get(at), get(end))),
    ...results.flatMap((result, n) => store(add(get(out), constant(16 * n)), get(result))),
  ];
}

function range(): WasmFunction {
  const [at, end, out, sum, minimum, maximum, value] = locals();
  const body = [
    set(value, load(get(at))),
    set(sum, plus(get(sum), get(value))),
    set(minimum, lower(get(minimum), get(value))),
    set(maximum, higher(get(maximum), get(value))),
  ];
  return {
    name: 'range',
    parameters: ['i32', 'i32', 'i32'],
    locals: ['pair', 'pair', 'pair', 'pair'],
    body: [
      ...set(minimum, load(get(at))),
      ...set(maximum, get(minimum)),
      ...over(at, end, out, body, [sum, minimum, maximum]),
    ],
  };
}

function deviations(): WasmFunction {
  const [at, end, out, mean, centre, d, square, first, second, third, fourth] = locals();
  const body = [
    set(d, minus(load(get(at)), get(centre))),
    set(square, times(get(d), get(d))),
    set(first, plus(get(first), absolute(get(d)))),
    set(second, plus(get(second), get(square))),
    set(third, plus(get(third), times(get(square), get(d)))),
    set(fourth, plus(get(fourth), times(get(square), get(square)))),
  ];
  return {
    name: 'deviations',
    parameters: ['i32', 'i32', 'i32', 'f64'],
    locals: new Array(7).fill('pair'),
    body: [...set(centre, splat(get(mean))), ...over(at, end, out, body, [first, second, third, fourth])],
  };
}

function within(): WasmFunction {
  const [at, end, out, low, high, middle, lowest, highest, centre, ones, value, inside, ...sums] = locals();
  const [number, sum, deviation] = sums;
  const body = [
    set(value, load(get(at))),
    set(inside, and(atMost(get(lowest), get(value)), atMost(get(value), get(highest)))),
    set(number, plus(get(number), and(get(inside), get(ones)))),
    set(sum, plus(get(sum), and(get(inside), get(value)))),
    set(deviation, plus(get(deviation), and(get(inside), absolute(minus(get(value), get(centre)))))),
  ];
  return {
    name: 'within',
    parameters: ['i32', 'i32', 'i32', 'f64', 'f64', 'f64'],
    locals: new Array(9).fill('pair'),
    body: [
      ...set(lowest, splat(get(low))),
      ...set(highest, splat(get(high))),
      ...set(centre, splat(get(middle))),
      ...set(ones, splat(one)),
      ...over(at, end, out, body, [number, sum, deviation]),
    ],
  };
}

let module: WebAssembly.Module | undefined;
const rooms = new WeakMap<Int32Array, Moments>();

/** Sums over the values of a region's voxels, which lie in memory of WebAssembly; one for all images of a region. */
export class Moments {
  private readonly functions: SumFunctions;
  private readonly length: number;
  private readonly end: number;

  static of(values: Float64Array, voxels: Int32Array): Moments {
    let room = rooms.get(voxels);
    if (room === undefined) {
      room = new Moments(values.length);
      rooms.set(voxels, room);
    }
    room.numbers(values.length).set(values);
    return room;
  }

  private constructor(length: number) {
    module ??= new WebAssembly.Module(wasmModule([range(), deviations(), within()]));
    this.functions = new WebAssembly.Instance(module).exports as unknown as SumFunctions;
    this.length = length;
    this.end = 16 * Math.ceil(length / 2);
    this.functions.memory.grow(Math.ceil((this.end + 64) / 2 ** 16));
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
