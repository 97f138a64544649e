import { type WasmFunction, type WasmType, wasm } from './wasm-module.ts';

/**
 * Weighted sums of runs of samples: `to[i] = Σ_j weights[j] · starts[j][i]`, j ascending. `starts` and `weights` are addresses of `taps` ≥ 2
 * addresses (int32) and of as many numbers; `end` is where the result ends, a multiple of 64 bytes behind `to`.
 */
type Convolve = (starts: number, weights: number, taps: number, to: number, end: number) => void;

export interface ConvolutionKernel {
  readonly convolve64: Convolve;
  /** Of float32, every product and every sum rounded. */
  readonly convolve32: Convolve;
}

/** Instructions on vectors of one type of number (WebAssembly core specification 2.0, §5.4.8). */
interface VectorType {
  readonly bytes: number;
  readonly loadAll: number[];
  readonly multiply: number[];
  readonly add: number[];
}

const float64: VectorType = {
  bytes: 8,
  loadAll: wasm.loadTwice(0),
  multiply: wasm.multiplyPair(),
  add: wasm.addPair(),
};

const float32: VectorType = {
  bytes: 4,
  loadAll: [0xfd, 0x09, 0x02, 0x00],
  multiply: [0xfd, 0xe6, 0x01],
  add: [0xfd, 0xe4, 0x01],
};

export function convolutionFunctions(): WasmFunction[] {
  return [convolve('convolve64', float64), convolve('convolve32', float32)];
}

/** Four vectors of results at a time. */
const stepLength = 64;

function convolve(name: string, { bytes, loadAll, multiply, add }: VectorType): WasmFunction {
  const parameters = new Array<WasmType>(5).fill('i32');
  const [starts, weights, taps, to, end] = parameters.keys();
  const [start, weight, left, from, moved] = [5, 6, 7, 8, 9];
  const [factor, ...sums] = [10, 11, 12, 13, 14];
  const move = (pointer: number, by: number) => [
    ...wasm.get(pointer),
    ...wasm.constant(by),
    ...wasm.add(),
    ...wasm.set(pointer),
  ];
  const tap = (adds: boolean) => [
    ...[...wasm.get(start), 0x28, 0x02, 0x00, ...wasm.get(moved), ...wasm.add(), ...wasm.set(from)],
    ...[...wasm.get(weight), ...loadAll, ...wasm.set(factor)],
    ...sums.flatMap((sum, n) => [
      ...(adds ? wasm.get(sum) : []),
      ...[...wasm.get(from), ...wasm.load(16 * n), ...wasm.get(factor), ...multiply],
      ...(adds ? add : []),
      ...wasm.set(sum),
    ]),
    ...move(start, 4),
    ...move(weight, bytes),
  ];
  const body = wasm.repeat(
    [...wasm.get(starts), ...wasm.set(start), ...wasm.get(weights), ...wasm.set(weight)],
    [...wasm.get(taps), ...wasm.constant(1), ...wasm.subtract(), ...wasm.set(left)],
    tap(false),
    wasm.repeat(tap(true), [...wasm.get(left), ...wasm.constant(1), ...wasm.subtract(), ...wasm.tee(left)]),
    sums.flatMap((sum, n) => [...wasm.get(to), ...wasm.get(sum), ...wasm.store(16 * n)]),
    move(moved, stepLength),
    move(to, stepLength),
    [...wasm.get(to), ...wasm.get(end), ...wasm.lessUnsigned()],
  );
  const locals: WasmType[] = ['i32', 'i32', 'i32', 'i32', 'i32', 'pair', 'pair', 'pair', 'pair', 'pair'];
  return { name, parameters, locals, body };
}
