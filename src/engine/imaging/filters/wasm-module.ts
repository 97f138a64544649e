/** The instructions of WebAssembly that the kernels are made of, as bytes (WebAssembly core specification 2.0, §5.4). */
export const wasm = {
  get: (local: number) => [0x20, ...unsigned(local)],
  set: (local: number) => [0x21, ...unsigned(local)],
  tee: (local: number) => [0x22, ...unsigned(local)],
  constant: (value: number) => [0x41, ...signed(value)],
  add: () => [0x6a],
  subtract: () => [0x6b],
  lessUnsigned: () => [0x49],
  /** Repeats its body for as long as the value that this leaves is not 0. */
  repeat: (...body: number[][]) => [0x03, 0x40, ...body.flat(), 0x0d, 0x00, 0x0b],
  load: (offset: number) => [0xfd, 0x00, 0x03, ...unsigned(offset)],
  store: (offset: number) => [0xfd, 0x0b, 0x03, ...unsigned(offset)],
  /** Two float64, both that of an address. */
  loadTwice: (offset: number) => [0xfd, 0x0a, 0x03, ...unsigned(offset)],
  /** Eight bytes, into and out of the lower half. */
  loadHalf: (offset: number) => [0xfd, 0x5d, 0x03, ...unsigned(offset)],
  storeHalf: (offset: number) => [0xfd, 0x5b, 0x03, ...unsigned(offset), 0x00],
  /** Two float64 of the lower half's two float32, and back. */
  widenPair: () => [0xfd, 0x5f],
  narrowPair: () => [0xfd, 0x5e],
  /** Of two pairs the first of each, and the second of each. */
  firsts: () => [0xfd, 0x0d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23],
  seconds: () => [0xfd, 0x0d, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31],
  /** Two float64 of one. */
  splat: () => [0xfd, 0x14],
  addPair: () => [0xfd, 0xf0, 0x01],
  subtractPair: () => [0xfd, 0xf1, 0x01],
  multiplyPair: () => [0xfd, 0xf2, 0x01],
};

export type WasmType = 'i32' | 'f64' | 'pair';

const typeCodes: Readonly<Record<WasmType, number>> = { i32: 0x7f, f64: 0x7c, pair: 0x7b };

/** A function without a result: its locals count on from its parameters. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly WasmType[];
  readonly locals: readonly WasmType[];
  readonly body: readonly number[];
}

/** Compiles functions that share a memory, which is exported as `memory` (specification §5.5). */
export function wasmModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const text = (name: string) => vector(Array.from(name, (letter) => [letter.charCodeAt(0)]));
  const types = functions.map(({ parameters }) => [
    0x60,
    ...vector(parameters.map((type) => [typeCodes[type]])),
    0x00,
  ]);
  const codes = functions.map(({ locals, body }) => {
    const code = [...vector(locals.map((type) => [1, typeCodes[type]])), ...body, 0x0b];
    return [...unsigned(code.length), ...code];
  });
  const section = (id: number, entries: number[][]) => {
    const content = vector(entries);
    return [id, ...unsigned(content.length), ...content];
  };
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, types),
    ...section(
      3,
      functions.map((_, n) => unsigned(n)),
    ),
    ...section(5, [[0x00, 0x01]]),
    ...section(7, [
      [...text('memory'), 0x02, 0x00],
      ...functions.map(({ name }, n) => [...text(name), 0x00, ...unsigned(n)]),
    ]),
    ...section(10, codes),
  ]);
}

function vector(entries: number[][]): number[] {
  return [...unsigned(entries.length), ...entries.flat()];
}

/** LEB128 of a whole number from 0. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >> 7;
  const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
  return isLast ? [low] : [low | 0x80, ...signed(rest)];
}
