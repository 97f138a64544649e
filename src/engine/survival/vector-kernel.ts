/**
 * Loops over columns of floats by WebAssembly's vectors, four columns at a time: addresses and lengths in bytes, lengths a
 * multiple of 64, counts of columns a multiple of 4. Instructions: WebAssembly core specification 2.0, §5.4; module: §5.5.
 */
export interface VectorKernel {
  readonly memory: WebAssembly.Memory;
  readonly double: VectorLoops;
  /** Of columns, vectors and factors in single precision, at half the price; what products are added to is double. */
  readonly single: VectorLoops;
}

export interface VectorLoops {
  /** Adds to the k-th number at `out` the dot product of `vector` and the column that begins `shift` after the k-th address at `list`. */
  readonly products: Loop;
  /** The same of `vector` and of the one `apart` behind it, whose numbers at `out` take turns. */
  readonly pairedProducts: Loop;
  /** Adds to `vector` each of the columns at `list` times its number at the third address. */
  readonly combine: Loop;
}

type Loop = (
  vector: number,
  list: number,
  count: number,
  third: number,
  length: number,
  shift: number,
  apart?: number,
) => void;

let module: WebAssembly.Module | undefined;

export function vectorKernel(): VectorKernel {
  module ??= new WebAssembly.Module(encode());
  const { memory, ...loops } = new WebAssembly.Instance(module).exports as { memory: WebAssembly.Memory } & {
    [name: string]: Loop;
  };
  const of = (kind: string): VectorLoops => ({
    products: loops[`${kind}1`],
    pairedProducts: loops[`${kind}2`],
    combine: loops[`${kind}c`],
  });
  return { memory, double: of('d'), single: of('s') };
}

const VECTOR_BYTES = 16;
const STEP_BYTES = 64;
const GROUP = 4;

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const constant = (value: number) => [0x41, ...signed(value)];
const addAddresses = [0x6a];
const advance = (local: number, by: number) => [
  ...get(local),
  ...constant(by),
  ...addAddresses,
  ...set(local),
];
const loadAddress = (offset: number) => [0x28, 2, offset];
const loadNumber = (offset: number) => [0x2b, 3, offset];
const storeNumber = (offset: number) => [0x39, 3, offset];
const addNumbers = [0xa0];
const load = (offset: number) => [0xfd, 0x00, 3, offset];
const store = (offset: number) => [0xfd, 0x0b, 3, offset];
const zero = [0xfd, 0x0c, ...new Array<number>(VECTOR_BYTES).fill(0)];
const addPairs = [0xfd, 0xf0, 0x01];
const pairLane = (index: number) => [0xfd, 0x21, index];
const promoteLow = [0xfd, 0x5f];
/** The upper half of a vector in both halves. */
const upper = (local: number) => [
  ...[...get(local), ...get(local), 0xfd, 0x0d],
  ...Array.from({ length: VECTOR_BYTES }, (_, byte) => 8 + (byte % 8)),
];

interface Lanes {
  readonly bytes: number;
  readonly add: number[];
  readonly multiply: number[];
  /** One number in all lanes. */
  readonly loadAll: (offset: number) => number[];
  /** Makes the lanes of a local a pair of doubles whose sum is theirs. */
  readonly toPair: (local: number) => number[];
}

const doubles: Lanes = {
  bytes: 8,
  add: addPairs,
  multiply: [0xfd, 0xf2, 0x01],
  loadAll: (offset) => [0xfd, 0x0a, 3, offset],
  toPair: get,
};

const singles: Lanes = {
  bytes: 4,
  add: [0xfd, 0xe4, 0x01],
  multiply: [0xfd, 0xe6, 0x01],
  loadAll: (offset) => [0xfd, 0x09, 2, offset],
  toPair: (local) => [...get(local), ...promoteLow, ...upper(local), ...promoteLow, ...addPairs],
};

/** Repeats its body while the value it leaves is not 0. */
const repeat = (...body: number[][]) => [0x03, 0x40, ...body.flat(), 0x0d, 0x00, 0x0b];
const below = (local: number, end: number) => [...get(local), ...get(end), 0x49];

// Locals: the parameters, then addresses, then vectors.
const [vector, list, count, third, length, shift, apart] = [0, 1, 2, 3, 4, 5, 6];
const PARAMETERS = 7;
const columns = [7, 8, 9, 10];
const [at, second, end] = [11, 12, 13];
const ADDRESSES = 7;
const sums = 14;
const VECTORS = 11;

const steps = Array.from({ length: STEP_BYTES / VECTOR_BYTES }, (_, s) => s * VECTOR_BYTES);

/** From the start of `vector` to its end along four columns, then on to the next four. */
function overColumns(before: number[], inner: number[], after: number[], thirdStep: number): number[] {
  return repeat(
    columns.flatMap((column, k) => [
      ...[...get(list), ...loadAddress(4 * k), ...get(shift), ...addAddresses, ...set(column)],
    ]),
    [...get(vector), ...set(at), ...get(vector), ...get(length), ...addAddresses, ...set(end)],
    [...get(vector), ...get(apart), ...addAddresses, ...set(second)],
    before,
    repeat(
      inner,
      [at, second, ...columns].flatMap((pointer) => advance(pointer, STEP_BYTES)),
      below(at, end),
    ),
    after,
    [...advance(list, 4 * GROUP), ...advance(third, thirdStep)],
    [...get(count), ...constant(GROUP), 0x6b, 0x22, count],
  );
}

/** Eight sums at once, so that an addition need not wait for the one before: two a column, or one for each of two vectors. */
function products({ add, multiply, toPair }: Lanes, vectors: 1 | 2): number[] {
  const sum = (k: number, which: number) => sums + 2 * k + which;
  const [column, first, other] = [sums + 8, sums + 9, sums + 10];
  const inner = steps.flatMap((offset, s) => [
    ...[...get(at), ...load(offset), ...set(first)],
    ...(vectors === 2 ? [...get(second), ...load(offset), ...set(other)] : []),
    ...columns.flatMap((pointer, k) => [
      ...[...get(pointer), ...load(offset), ...set(column)],
      ...(vectors === 2 ? [0, 1] : [s & 1]).flatMap((which) => [
        ...[...get(sum(k, which)), ...get(column), ...get(vectors === 2 && which === 1 ? other : first)],
        ...[...multiply, ...add, ...set(sum(k, which))],
      ]),
    ]),
  ]);
  const before = columns.flatMap((_, k) => [0, 1].flatMap((which) => [...zero, ...set(sum(k, which))]));
  const addTo = (offset: number) => [
    ...[...set(column), ...get(third), ...get(third), ...loadNumber(offset)],
    ...[...get(column), ...pairLane(0), ...get(column), ...pairLane(1), ...addNumbers],
    ...[...addNumbers, ...storeNumber(offset)],
  ];
  const after = columns.flatMap((_, k) =>
    vectors === 2
      ? [0, 1].flatMap((which) => [...toPair(sum(k, which)), ...addTo(16 * k + 8 * which)])
      : [
          ...[...get(sum(k, 0)), ...get(sum(k, 1)), ...add, ...set(sum(k, 0))],
          ...[...toPair(sum(k, 0)), ...addTo(8 * k)],
        ],
  );
  return overColumns(before, inner, after, 8 * vectors * GROUP);
}

function combine({ bytes, add, multiply, loadAll }: Lanes): number[] {
  const before = columns.flatMap((_, k) => [...get(third), ...loadAll(bytes * k), ...set(sums + k)]);
  const inner = steps.flatMap((offset) => [
    ...[...get(at), ...get(at), ...load(offset)],
    ...columns.flatMap((column, k) => [
      ...[...get(column), ...load(offset), ...get(sums + k), ...multiply, ...add],
    ]),
    ...store(offset),
  ]);
  return overColumns(before, inner, [], bytes * GROUP);
}

function encode(): Uint8Array<ArrayBuffer> {
  const i32 = 0x7f;
  const v128 = 0x7b;
  const text = (name: string) => [name.length, ...Array.from(name, (letter) => letter.charCodeAt(0))];
  const section = (id: number, content: number[]) => [id, ...unsigned(content.length), ...content];
  const code = (body: number[]) => {
    const all = [2, ADDRESSES, i32, VECTORS, v128, ...body, 0x0b];
    return [...unsigned(all.length), ...all];
  };
  const loops = Object.entries({ d: doubles, s: singles }).flatMap(([kind, lanes]) => [
    { name: `${kind}1`, body: products(lanes, 1) },
    { name: `${kind}2`, body: products(lanes, 2) },
    { name: `${kind}c`, body: combine(lanes) },
  ]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, PARAMETERS, ...new Array<number>(PARAMETERS).fill(i32), 0]),
    ...section(3, [loops.length, ...loops.map(() => 0)]),
    ...section(5, [1, 0x00, 1]),
    ...section(7, [
      ...[1 + loops.length, ...text('memory'), 2, 0],
      ...loops.flatMap(({ name }, index) => [...text(name), 0, index]),
    ]),
    ...section(10, [loops.length, ...loops.flatMap(({ body }) => code(body))]),
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
