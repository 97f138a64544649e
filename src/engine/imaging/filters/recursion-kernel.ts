import { type WasmFunction, type WasmType, wasm, wasmModule } from './wasm-module.ts';

/**
 * Computes rows of a recursion, one after the other: with x(k) the row k·`stride` bytes before row `x`, and y(k) likewise,
 * y = x(0)·n0 + x(1)·n1 + x(2)·n2 + x(3)·n3 − (y(1)·d1 + y(2)·d2 + y(3)·d3 + y(4)·d4), summed from left to right. Addresses and
 * lengths in bytes of the memory; `width` is a multiple of 32. Where rows go backwards, the stride is negative.
 */
type Recursion = (
  x: number,
  y: number,
  sum: number,
  stride: number,
  width: number,
  rows: number,
  n0: number,
  n1: number,
  n2: number,
  n3: number,
  d1: number,
  d2: number,
  d3: number,
  d4: number,
) => void;

/** Two lines at a time by WebAssembly's vectors of two float64, with a memory of its own. */
export interface RecursionKernel {
  readonly memory: WebAssembly.Memory;
  /** Leaves `sum` alone. */
  readonly recur: Recursion;
  /** Adds each row of y to that of `sum` as well. */
  readonly recurAndAdd: Recursion;
}

let module: WebAssembly.Module | undefined;

export function recursionKernel(): RecursionKernel {
  module ??= new WebAssembly.Module(wasmModule([recursion('recur', false), recursion('recurAndAdd', true)]));
  return new WebAssembly.Instance(module).exports as unknown as RecursionKernel;
}

/** Bytes that the inner loop goes on by. */
const stepLength = 32;

function recursion(name: string, adds: boolean): WasmFunction {
  const parameters: WasmType[] = [...repeated<WasmType>('i32', 6), ...repeated<WasmType>('f64', 8)];
  const [x, y, sum, stride, width, rows, n0] = parameters.keys();
  const locals: WasmType[] = [];
  const local = (type: WasmType) => parameters.length + locals.push(type) - 1;
  const weights = repeated('pair' as const, 8).map(local);
  const xs = repeated('i32' as const, 4).map(local);
  const ys = repeated('i32' as const, 5).map(local);
  const [sumAt, end] = [local('i32'), local('i32')];
  const value = local('pair');

  const pointersAlong = (pointers: number[], first: number) => [
    ...wasm.get(first),
    ...wasm.set(pointers[0]),
    ...pointers
      .slice(1)
      .flatMap((pointer, k) => [
        ...wasm.get(pointers[k]),
        ...wasm.get(stride),
        ...wasm.subtract(),
        ...wasm.set(pointer),
      ]),
  ];
  const weightedSum = (pointers: number[], first: number, offset: number) =>
    pointers.flatMap((pointer, k) => [
      ...wasm.get(pointer),
      ...wasm.load(offset),
      ...wasm.get(weights[first + k]),
      ...wasm.multiplyPair(),
      ...(k > 0 ? wasm.addPair() : []),
    ]);
  const pair = (offset: number) => [
    ...wasm.get(ys[0]),
    ...weightedSum(xs, 0, offset),
    ...weightedSum(ys.slice(1), 4, offset),
    ...wasm.subtractPair(),
    ...wasm.tee(value),
    ...wasm.store(offset),
    ...(adds ? addTo(sumAt, value, offset) : []),
  ];
  const advance = (pointer: number, by: number[]) => [
    ...wasm.get(pointer),
    ...by,
    ...wasm.add(),
    ...wasm.set(pointer),
  ];
  const byStep = wasm.constant(stepLength);

  const body = [
    ...weights.flatMap((weight, k) => [...wasm.get(n0 + k), ...wasm.splat(), ...wasm.set(weight)]),
    ...wasm.repeat(
      pointersAlong(xs, x),
      pointersAlong(ys, y),
      [...wasm.get(sum), ...wasm.set(sumAt)],
      [...wasm.get(y), ...wasm.get(width), ...wasm.add(), ...wasm.set(end)],
      wasm.repeat(
        pair(0),
        pair(16),
        [...xs, ...ys, sumAt].flatMap((pointer) => advance(pointer, byStep)),
        [...wasm.get(ys[0]), ...wasm.get(end), ...wasm.lessUnsigned()],
      ),
      [x, y, sum].flatMap((pointer) => advance(pointer, wasm.get(stride))),
      [...wasm.get(rows), ...wasm.constant(1), ...wasm.subtract(), ...wasm.tee(rows)],
    ),
  ];
  return { name, parameters, locals, body };
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

function repeated<T>(value: T, count: number): T[] {
  return new Array<T>(count).fill(value);
}
