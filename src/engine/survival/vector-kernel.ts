/**
 * Two loops over float64 columns by WebAssembly's vectors, four columns at a time: addresses and lengths in bytes, lengths a
 * multiple of 64, counts of columns a multiple of 4. Instructions: WebAssembly core specification 2.0, §5.4; module: §5.5.
 */
export interface VectorKernel {
  readonly memory: WebAssembly.Memory;
  /** Adds to the k-th number at `out` the dot product of `vector` and the column whose address is the k-th at `list`. */
  readonly products: (vector: number, list: number, count: number, out: number, length: number) => void;
  /** Adds to `vector` each of the columns at `list` times its number at `factors`. */
  readonly combine: (vector: number, list: number, count: number, factors: number, length: number) => void;
}

let module: WebAssembly.Module | undefined;

export function vectorKernel(): VectorKernel {
  module ??= new WebAssembly.Module(encode());
  return new WebAssembly.Instance(module).exports as unknown as VectorKernel;
}

const VECTOR_BYTES = 16;
const STEP_BYTES = 64;
const GROUP = 4;

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const constant = (value: number) => [0x41, ...signed(value)];
const advance = (local: number, by: number) => [...get(local), ...constant(by), 0x6a, ...set(local)];
const loadAddress = (offset: number) => [0x28, 2, offset];
const loadNumber = (offset: number) => [0x2b, 3, offset];
const storeNumber = (offset: number) => [0x39, 3, offset];
const addNumbers = [0xa0];
const loadPair = (offset: number) => [0xfd, 0x00, 3, offset];
const storePair = (offset: number) => [0xfd, 0x0b, 3, offset];
const loadBoth = (offset: number) => [0xfd, 0x0a, 3, offset];
const zeroPair = [0xfd, 0x0c, ...new Array<number>(VECTOR_BYTES).fill(0)];
const lane = (index: number) => [0xfd, 0x21, index];
const addPairs = [0xfd, 0xf0, 0x01];
const multiplyPairs = [0xfd, 0xf2, 0x01];
/** Repeats its body while the value it leaves is not 0. */
const repeat = (...body: number[][]) => [0x03, 0x40, ...body.flat(), 0x0d, 0x00, 0x0b];
const below = (local: number, end: number) => [...get(local), ...get(end), 0x49];

// Locals after the five parameters: eight of i32, then pairs.
const [vector, list, count, third, length] = [0, 1, 2, 3, 4];
const columns = [5, 6, 7, 8];
const [at, end] = [9, 10];
const pairs = 11;
const ADDRESSES = 6;
const PAIRS = 9;

const steps = Array.from({ length: STEP_BYTES / VECTOR_BYTES }, (_, s) => s * VECTOR_BYTES);

/** From the start of `vector` to its end along four columns, then on to the next four. */
function overColumns(before: number[], inner: number[], after: number[], factorStep: number): number[] {
  return repeat(
    columns.flatMap((column, k) => [...get(list), ...loadAddress(4 * k), ...set(column)]),
    [...get(vector), ...set(at), ...get(vector), ...get(length), 0x6a, ...set(end)],
    before,
    repeat(
      inner,
      [at, ...columns].flatMap((pointer) => advance(pointer, STEP_BYTES)),
      below(at, end),
    ),
    after,
    [...advance(list, 4 * GROUP), ...advance(third, factorStep)],
    [...get(count), ...constant(GROUP), 0x6b, 0x22, count],
  );
}

function products(): number[] {
  // Two sums a column, so that an addition need not wait for the one before.
  const sum = (k: number, half: number) => pairs + 2 * k + half;
  const value = pairs + 8;
  const inner = steps.flatMap((offset, s) => [
    ...get(at),
    ...loadPair(offset),
    ...set(value),
    ...columns.flatMap((column, k) => [
      ...get(sum(k, s & 1)),
      ...get(value),
      ...get(column),
      ...loadPair(offset),
      ...multiplyPairs,
      ...addPairs,
      ...set(sum(k, s & 1)),
    ]),
  ]);
  const before = columns.flatMap((_, k) => [0, 1].flatMap((half) => [...zeroPair, ...set(sum(k, half))]));
  const after = columns.flatMap((_, k) => [
    ...get(third),
    ...get(third),
    ...loadNumber(8 * k),
    ...[...get(sum(k, 0)), ...get(sum(k, 1)), ...addPairs, ...set(value)],
    ...[...get(value), ...lane(0), ...get(value), ...lane(1), ...addNumbers],
    ...addNumbers,
    ...storeNumber(8 * k),
  ]);
  return overColumns(before, inner, after, 8 * GROUP);
}

function combine(): number[] {
  const before = columns.flatMap((_, k) => [...get(third), ...loadBoth(8 * k), ...set(pairs + k)]);
  const inner = steps.flatMap((offset) => [
    ...get(at),
    ...get(at),
    ...loadPair(offset),
    ...columns.flatMap((column, k) => [
      ...get(column),
      ...loadPair(offset),
      ...get(pairs + k),
      ...multiplyPairs,
      ...addPairs,
    ]),
    ...storePair(offset),
  ]);
  return overColumns(before, inner, [], 8 * GROUP);
}

function encode(): Uint8Array<ArrayBuffer> {
  const i32 = 0x7f;
  const v128 = 0x7b;
  const text = (name: string) => [name.length, ...Array.from(name, (letter) => letter.charCodeAt(0))];
  const section = (id: number, content: number[]) => [id, ...unsigned(content.length), ...content];
  const code = (body: number[]) => {
    const all = [2, ADDRESSES, i32, PAIRS, v128, ...body, 0x0b];
    return [...unsigned(all.length), ...all];
  };
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, 5, i32, i32, i32, i32, i32, 0]),
    ...section(3, [2, 0, 0]),
    ...section(5, [1, 0x00, 1]),
    ...section(7, [3, ...text('memory'), 2, 0, ...text('products'), 0, 0, ...text('combine'), 0, 1]),
    ...section(10, [2, ...code(products()), ...code(combine())]),
  ]);
}

/** LEB128 of a whole number from 0. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >> 7;
  return rest === 0 && (low & 0x40) === 0 ? [low] : [low | 0x80, ...signed(rest)];
}
