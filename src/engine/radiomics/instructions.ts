import { type WasmType, wasm } from '../imaging/filters/wasm-module.ts';

/** WebAssembly that leaves a value. */
export type Code = readonly number[];

/** An instruction on the values that its operands leave (WebAssembly core specification 2.0, §5.4). */
export const instruction =
  (...code: number[]) =>
  (...operands: Code[]): number[] => [...operands.flat(), ...code];

export const load = instruction(...wasm.load(0));
export const store = instruction(...wasm.store(0));
export const loadNumber = instruction(0x28, 0x02, 0x00);
export const storeNumber = instruction(0x36, 0x02, 0x00);
export const load16 = instruction(0x2f, 0x01, 0x00);
export const store16 = instruction(0x3b, 0x01, 0x00);
export const loadFloat = instruction(0x2b, 0x03, 0x00);
export const storeFloat = instruction(0x39, 0x03, 0x00);
export const add = instruction(...wasm.add());
export const subtract = instruction(...wasm.subtract());
export const isBelow = instruction(...wasm.lessUnsigned());
export const shiftLeft = instruction(0x74);
/** The first if the third is not 0, else the second. */
export const choose = instruction(0x1b);

export const set = (local: number, value: Code): number[] => [...value, ...wasm.set(local)];

export const advance = (local: number, bytes: number): number[] =>
  set(local, add(wasm.get(local), wasm.constant(bytes)));

export const when = (condition: Code, then: Code, otherwise: Code = []): number[] => [
  ...condition,
  ...[0x04, 0x40, ...then],
  ...(otherwise.length > 0 ? [0x05, ...otherwise] : []),
  0x0b,
];

/** A function's local variables by number: its parameters, then others. */
export const locals = (): number[] => Array.from({ length: 24 }, (_, n) => n);

/** So many numbers, then so many vectors. */
export const types = (numbers: number, vectors: number): WasmType[] => [
  ...new Array<WasmType>(numbers).fill('i32'),
  ...new Array<WasmType>(vectors).fill('pair'),
];
