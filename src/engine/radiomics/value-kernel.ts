import { type WasmFunction, wasm, wasmModule } from '../imaging/filters/wasm-module.ts';
import {
  add,
  advance,
  type Code,
  choose,
  instruction,
  isBelow,
  load,
  loadFloat,
  locals,
  set,
  shiftLeft,
  store,
  store16,
  subtract,
  when,
} from './instructions.ts';

/**
 * Sums over float64 values, two at once, each left as two, of every other value; and bins. `at` to `end`, `out`, `edges` and `levels` are
 * addresses in bytes.
 */
export interface ValueFunctions {
  readonly memory: WebAssembly.Memory;
  /** The sum, the minimum and the maximum. */
  readonly range: (at: number, end: number, out: number) => void;
  /** The sums of the deviations from the mean: absolute, and to the powers 2, 3, 4. */
  readonly deviations: (at: number, end: number, out: number, mean: number) => void;
  /** Of the values from `low` to `high`: the number, the sum, and the sum of the absolute deviations from the centre. */
  readonly within: (at: number, end: number, out: number, low: number, high: number, centre: number) => void;
  /**
   * The number of the last of the edges at or below each value, from 1 on, as 16 bits. Edges are about `1 / perStep` apart from `low`
   * on, with which the number, at most `last`, is guessed; the first is below no value, and the one after the last is infinite.
   */
  readonly bins: (
    at: number,
    end: number,
    edges: number,
    last: number,
    levels: number,
    low: number,
    perStep: number,
  ) => void;
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
// On single ones.
const difference = instruction(0xa1);
const product = instruction(0xa2);
const isLess = instruction(0x63);
const isAtLeast = instruction(0x66);
const truncated = instruction(0xfc, 0x02);
const shiftRight = instruction(0x76);
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

function bins(): WasmFunction {
  const [at, end, edges, last, levels, low, perStep, guess, edge, value] = locals();
  const next = loadFloat(add(get(edge), constant(8)));
  return {
    name: 'bins',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'f64', 'f64'],
    locals: ['i32', 'i32', 'f64'],
    body: wasm.repeat(
      set(value, loadFloat(get(at))),
      set(guess, truncated(product(difference(get(value), get(low)), get(perStep)))),
      set(guess, choose(get(guess), get(last), isBelow(get(guess), get(last)))),
      set(edge, add(get(edges), shiftLeft(get(guess), constant(3)))),
      // Rounding leads few guesses astray.
      when(
        isLess(get(value), loadFloat(get(edge))),
        wasm.repeat(set(edge, subtract(get(edge), constant(8))), isLess(get(value), loadFloat(get(edge)))),
      ),
      when(isAtLeast(get(value), next), wasm.repeat(advance(edge, 8), isAtLeast(get(value), next))),
      store16(get(levels), add(shiftRight(subtract(get(edge), get(edges)), constant(3)), constant(1))),
      advance(levels, 2),
      advance(at, 8),
      isBelow(get(at), get(end)),
    ),
  };
}

let module: WebAssembly.Module | undefined;

/** The functions with a memory of their own, of one page. */
export function valueFunctions(): ValueFunctions {
  module ??= new WebAssembly.Module(wasmModule([range(), deviations(), within(), bins()]));
  return new WebAssembly.Instance(module).exports as unknown as ValueFunctions;
}
