import type { VoxelArray } from '../volume.ts';
import { weightsAt } from './recursion-kernel.ts';
import { type WasmFunction, type WasmType, wasm } from './wasm-module.ts';

/**
 * Copies rows: row r from `from + r·fromStride` on to `to + r·toStride`, `length` bytes of the result each. Addresses and lengths in
 * bytes of the memory.
 */
type CopyRows = (
  from: number,
  fromStride: number,
  to: number,
  toStride: number,
  length: number,
  rows: number,
) => void;

/** Turns rows of float64 into columns, `length` bytes of the source each, a multiple of 16; takes `pairs` of rows. */
type Transpose = (
  from: number,
  fromStride: number,
  to: number,
  toStride: number,
  length: number,
  pairs: number,
) => void;

/** How samples get from one arrangement and type into another. Beside those below: voxels of each type to float64. */
export interface LayoutKernel extends Readonly<Record<`from${VoxelType}`, CopyRows>> {
  readonly copyFloat32: CopyRows;
  /** Float32 to float64; lengths of a multiple of 32. */
  readonly widen: CopyRows;
  /** Float64 to float32; lengths of a multiple of 16. */
  readonly narrow: CopyRows;
  /** Adds float64, rounded to float32 and times the scale among the weights, to float32; lengths of a multiple of 16. */
  readonly addRounded: CopyRows;
  readonly transpose: Transpose;
  /** The same, rounded to float32 but kept as float64. */
  readonly transposeRounded: Transpose;
  /** The same, to float32. */
  readonly transposeNarrow: Transpose;
}

type VoxelType = VoxelArray[typeof Symbol.toStringTag];

// Loads of one value, scalar conversions to float64, its store, with the alignment that a type has (specification §5.4.6, §5.4.7).
const [convertSigned, convertUnsigned] = [[0xb7], [0xb8]];
const voxelLoads: Readonly<Record<VoxelType, { readonly load: number[]; readonly bytes: number }>> = {
  Int8Array: { load: [0x2c, 0, 0, ...convertSigned], bytes: 1 },
  Uint8Array: { load: [0x2d, 0, 0, ...convertSigned], bytes: 1 },
  Int16Array: { load: [0x2e, 1, 0, ...convertSigned], bytes: 2 },
  Uint16Array: { load: [0x2f, 1, 0, ...convertSigned], bytes: 2 },
  Int32Array: { load: [0x28, 2, 0, ...convertSigned], bytes: 4 },
  Uint32Array: { load: [0x28, 2, 0, ...convertUnsigned], bytes: 4 },
  Float32Array: { load: [0x2a, 2, 0, 0xbb], bytes: 4 },
  Float64Array: { load: [0x2b, 3, 0], bytes: 8 },
};
const storeFloat64 = [0x39, 3, 0];

export function layoutFunctions(): WasmFunction[] {
  const voxels = Object.entries(voxelLoads).map(([type, { load, bytes }]) =>
    copyRows(`from${type}`, bytes, 8, (from, to) => [
      ...wasm.get(to),
      ...wasm.get(from),
      ...load,
      ...storeFloat64,
    ]),
  );
  const copyFloat32 = copyRows('copyFloat32', 4, 4, (from, to) => [
    ...wasm.get(to),
    ...wasm.get(from),
    ...[0x2a, 2, 0],
    ...[0x38, 2, 0],
  ]);
  const twice = (visit: (half: number) => number[]) => [...visit(0), ...visit(1)];
  const widen = copyRows('widen', 16, 32, (from, to) =>
    twice((half) => [
      ...wasm.get(to),
      ...wasm.get(from),
      ...wasm.loadHalf(8 * half),
      ...wasm.widenPair(),
      ...wasm.store(16 * half),
    ]),
  );
  const narrow = copyRows('narrow', 32, 16, (from, to) =>
    twice((half) => [
      ...wasm.get(to),
      ...wasm.get(from),
      ...wasm.load(16 * half),
      ...wasm.narrowPair(),
      ...wasm.storeHalf(8 * half),
    ]),
  );
  const addRounded = copyRows('addRounded', 32, 16, (from, to) =>
    twice((half) => [
      ...wasm.get(to),
      ...[...wasm.get(to), ...wasm.loadHalf(8 * half), ...wasm.widenPair()],
      ...[...wasm.get(from), ...wasm.load(16 * half), ...wasm.narrowPair(), ...wasm.widenPair()],
      ...[...wasm.constant(0), ...wasm.loadTwice(weightsAt.scale), ...wasm.multiplyPair(), ...wasm.addPair()],
      ...[...wasm.narrowPair(), ...wasm.storeHalf(8 * half)],
    ]),
  );
  return [
    ...voxels,
    copyFloat32,
    widen,
    narrow,
    addRounded,
    transpose('transpose', [], wasm.store(0), 16),
    transpose('transposeRounded', [...wasm.narrowPair(), ...wasm.widenPair()], wasm.store(0), 16),
    transpose('transposeNarrow', wasm.narrowPair(), wasm.storeHalf(0), 8),
  ];
}

function move(pointer: number, by: number[], to = pointer): number[] {
  return [...wasm.get(pointer), ...by, ...wasm.add(), ...wasm.set(to)];
}

function countDown(local: number): number[] {
  return [...wasm.get(local), ...wasm.constant(1), ...wasm.subtract(), ...wasm.tee(local)];
}

function copyRows(
  name: string,
  fromStep: number,
  toStep: number,
  copy: (from: number, to: number) => number[],
): WasmFunction {
  const parameters = new Array<WasmType>(6).fill('i32');
  const [from, fromStride, to, toStride, length, rows, source, target, end] = [...parameters.keys(), 6, 7, 8];
  const body = wasm.repeat(
    [...wasm.get(from), ...wasm.set(source), ...wasm.get(to), ...wasm.tee(target)],
    [...wasm.get(length), ...wasm.add(), ...wasm.set(end)],
    wasm.repeat(
      copy(source, target),
      move(source, wasm.constant(fromStep)),
      move(target, wasm.constant(toStep)),
      [...wasm.get(target), ...wasm.get(end), ...wasm.lessUnsigned()],
    ),
    move(from, wasm.get(fromStride)),
    move(to, wasm.get(toStride)),
    countDown(rows),
  );
  return { name, parameters, locals: ['i32', 'i32', 'i32'], body };
}

function transpose(name: string, convert: number[], store: number[], pairBytes: number): WasmFunction {
  const parameters = new Array<WasmType>(6).fill('i32');
  const [from, fromStride, to, toStride, length, pairs] = parameters.keys();
  const [upper, lower, target, end] = [6, 7, 8, 9];
  const column = (choose: number[]) => [
    ...wasm.get(target),
    ...wasm.get(upper),
    ...wasm.load(0),
    ...wasm.get(lower),
    ...wasm.load(0),
    ...choose,
    ...convert,
    ...store,
    ...move(target, wasm.get(toStride)),
  ];
  const body = wasm.repeat(
    [...wasm.get(from), ...wasm.set(upper), ...wasm.get(to), ...wasm.set(target)],
    move(from, wasm.get(fromStride), lower),
    move(from, wasm.get(length), end),
    wasm.repeat(
      column(wasm.firsts()),
      column(wasm.seconds()),
      move(upper, wasm.constant(16)),
      move(lower, wasm.constant(16)),
      [...wasm.get(upper), ...wasm.get(end), ...wasm.lessUnsigned()],
    ),
    move(from, wasm.get(fromStride)),
    move(from, wasm.get(fromStride)),
    move(to, wasm.constant(pairBytes)),
    countDown(pairs),
  );
  return { name, parameters, locals: ['i32', 'i32', 'i32', 'i32'], body };
}
