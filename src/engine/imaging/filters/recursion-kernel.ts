import { type WasmFunction, type WasmType, wasm } from './wasm-module.ts';

/** Where the weights of a filter stand in the memory, in bytes: four float64 each, but one `scale`, of `addRounded`. */
export const weightsAt = { n: 0, m: 32, d: 64, causalEnd: 96, anticausalEnd: 128, scale: 160 };

/** Behind the weights. */
export const firstFree = 192;

/**
 * Computes rows of a recursion, one after the other: with x(k) the row k·`xStride` bytes before row `x`, and y(k) the row
 * k·`yStride` before `y`, y = x(0)·w0 + x(1)·w1 + x(2)·w2 + x(3)·w3 − (y(1)·d1 + y(2)·d2 + y(3)·d3 + y(4)·d4), summed from left to
 * right. Addresses and lengths in bytes of the memory, `weights` where w0 is; `width` is a multiple of 32. Where rows go backwards,
 * strides are negative.
 */
type Recur = (
  x: number,
  y: number,
  sum: number,
  xStride: number,
  yStride: number,
  width: number,
  rows: number,
  weights: number,
) => void;

/** Computes the first four rows, which go on before `x` by its values, and before `y` in proportion to these. */
type Start = (x: number, y: number, xStride: number, yStride: number, width: number) => void;

/** Two lines at a time by WebAssembly's vectors of two float64. */
export interface RecursionKernel {
  readonly startCausal: Start;
  /** Here x(k) is a row further on: the recursion starts from where the line ends. */
  readonly startAnticausal: Start;
  /** Leaves `sum` alone. */
  readonly recur: Recur;
  /** Adds each row of y to that of `sum` as well. */
  readonly recurAndAdd: Recur;
}

export function recursionFunctions(): WasmFunction[] {
  return [
    start('startCausal', 0, weightsAt.n, weightsAt.causalEnd),
    start('startAnticausal', 1, weightsAt.m, weightsAt.anticausalEnd),
    recursion('recur', false),
    recursion('recurAndAdd', true),
  ];
}

/** Bytes that the inner loop goes on by. */
const stepLength = 32;

/** The locals of a function, which count on from its parameters. */
class Locals {
  readonly types: WasmType[] = [];
  private readonly parameters: number;

  constructor(parameters: number) {
    this.parameters = parameters;
  }

  add(type: WasmType): number {
    return this.parameters + this.types.push(type) - 1;
  }

  several(type: WasmType, count: number): number[] {
    return Array.from({ length: count }, () => this.add(type));
  }
}

function advance(pointer: number, by: number[]): number[] {
  return [...wasm.get(pointer), ...by, ...wasm.add(), ...wasm.set(pointer)];
}

/** Sets pointers to a row and to those before it, `stride` apart. */
function rowsBack(pointers: readonly number[], first: number, stride: number): number[] {
  return pointers.flatMap((pointer, k) =>
    k === 0
      ? [...wasm.get(first), ...wasm.set(pointer)]
      : [...wasm.get(pointers[k - 1]), ...wasm.get(stride), ...wasm.subtract(), ...wasm.set(pointer)],
  );
}

/** Products of values and weights, summed from left to right. */
function weightedSum(values: readonly number[][], weights: readonly number[]): number[] {
  return values.flatMap((value, k) => [
    ...value,
    ...wasm.get(weights[k]),
    ...wasm.multiplyPair(),
    ...(k > 0 ? wasm.addPair() : []),
  ]);
}

function recursion(name: string, adds: boolean): WasmFunction {
  const parameters = new Array<WasmType>(8).fill('i32');
  const [x, y, sum, xStride, yStride, width, rows, weights] = parameters.keys();
  const locals = new Locals(parameters.length);
  const ws = locals.several('pair', 4);
  const ds = locals.several('pair', 4);
  const xs = locals.several('i32', 4);
  const ys = locals.several('i32', 5);
  const [sumAt, end] = locals.several('i32', 2);
  const value = locals.add('pair');

  const at = (pointers: readonly number[], offset: number) =>
    pointers.map((pointer) => [...wasm.get(pointer), ...wasm.load(offset)]);
  const pair = (offset: number) => [
    ...wasm.get(ys[0]),
    ...weightedSum(at(xs, offset), ws),
    ...weightedSum(at(ys.slice(1), offset), ds),
    ...wasm.subtractPair(),
    ...wasm.tee(value),
    ...wasm.store(offset),
    ...(adds ? addTo(sumAt, value, offset) : []),
  ];
  const byStep = wasm.constant(stepLength);

  const body = [
    ...ws.flatMap((weight, k) => [...wasm.get(weights), ...wasm.loadTwice(8 * k), ...wasm.set(weight)]),
    ...ds.flatMap((weight, k) => [
      ...wasm.constant(0),
      ...wasm.loadTwice(weightsAt.d + 8 * k),
      ...wasm.set(weight),
    ]),
    ...wasm.repeat(
      rowsBack(xs, x, xStride),
      rowsBack(ys, y, yStride),
      [...wasm.get(sum), ...wasm.set(sumAt)],
      [...wasm.get(y), ...wasm.get(width), ...wasm.add(), ...wasm.set(end)],
      wasm.repeat(
        pair(0),
        pair(16),
        [...xs, ...ys, sumAt].flatMap((pointer) => advance(pointer, byStep)),
        [...wasm.get(ys[0]), ...wasm.get(end), ...wasm.lessUnsigned()],
      ),
      advance(x, wasm.get(xStride)),
      [y, sum].flatMap((pointer) => advance(pointer, wasm.get(yStride))),
      [...wasm.get(rows), ...wasm.constant(1), ...wasm.subtract(), ...wasm.tee(rows)],
    ),
  ];
  return { name, parameters, locals: locals.types, body };
}

/** The first four rows; `shift`: how far the input is behind the output. */
function start(name: string, shift: number, weightsFrom: number, endFrom: number): WasmFunction {
  const parameters = new Array<WasmType>(5).fill('i32');
  const [x, y, xStride, yStride, width] = parameters.keys();
  const locals = new Locals(parameters.length);
  const loaded = (from: number) => {
    const pairs = locals.several('pair', 4);
    const body = pairs.flatMap((pair, k) => [
      ...wasm.constant(0),
      ...wasm.loadTwice(from + 8 * k),
      ...wasm.set(pair),
    ]);
    return { pairs, body };
  };
  const [ws, ds, es] = [loaded(weightsFrom), loaded(weightsAt.d), loaded(endFrom)];
  const xs = locals.several('pair', 4);
  const ys = locals.several('pair', 4);
  const [at, end] = locals.several('i32', 2);

  const computed = ys.flatMap((own, i) => {
    const inputs = [0, 1, 2, 3].map((k) => wasm.get(xs[Math.max(0, i - shift - k)]));
    const before = [0, 1, 2, 3].map((k) => (i - 1 - k < 0 ? wasm.get(xs[0]) : wasm.get(ys[i - 1 - k])));
    const feedback = [0, 1, 2, 3].map((k) => (i - 1 - k < 0 ? es.pairs[k] : ds.pairs[k]));
    return [
      ...weightedSum(inputs, ws.pairs),
      ...weightedSum(before, feedback),
      ...wasm.subtractPair(),
      ...wasm.set(own),
    ];
  });
  const eachRow = (first: number, stride: number, visit: (row: number) => number[]) =>
    [0, 1, 2, 3].flatMap((row) => [
      ...(row === 0 ? [...wasm.get(first), ...wasm.set(at)] : advance(at, wasm.get(stride))),
      ...visit(row),
    ]);
  const body = [
    ...[ws, ds, es].flatMap((weights) => weights.body),
    ...[...wasm.get(y), ...wasm.get(width), ...wasm.add(), ...wasm.set(end)],
    ...wasm.repeat(
      eachRow(x, xStride, (row) => [...wasm.get(at), ...wasm.load(0), ...wasm.set(xs[row])]),
      computed,
      eachRow(y, yStride, (row) => [...wasm.get(at), ...wasm.get(ys[row]), ...wasm.store(0)]),
      [x, y].flatMap((pointer) => advance(pointer, wasm.constant(16))),
      [...wasm.get(y), ...wasm.get(end), ...wasm.lessUnsigned()],
    ),
  ];
  return { name, parameters, locals: locals.types, body };
}

function addTo(pointer: number, value: number, offset: number): number[] {
  return [
    ...wasm.get(pointer),
    ...wasm.get(pointer),
    ...wasm.load(offset),
    ...wasm.get(value),
    ...wasm.addPair(),
    ...wasm.store(offset),
  ];
}
