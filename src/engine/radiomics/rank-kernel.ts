import { type WasmType, wasm, wasmModule } from '../imaging/filters/wasm-module.ts';

/** Compares ranks eight at a time by WebAssembly's vectors; addresses in bytes of 16-bit numbers, from `at` up to `end`. */
interface RankFunctions {
  readonly memory: WebAssembly.Memory;
  /** Adds 1 to each count where a rank equals the other. */
  readonly countEqual: (at: number, other: number, counts: number, end: number) => void;
}

// Instructions on eight 16-bit numbers (WebAssembly core specification 2.0, §5.4.8).
const equal = [0xfd, 0x2d];
const subtract = [0xfd, 0x91, 0x01];
const vectorBytes = 16;

let module: WebAssembly.Module | undefined;

function compile(): WebAssembly.Module {
  const advance = (...pointers: number[]) =>
    pointers.flatMap((pointer) => [
      ...wasm.get(pointer),
      ...wasm.constant(vectorBytes),
      ...wasm.add(),
      ...wasm.set(pointer),
    ]);
  const until = (at: number, end: number) => [...wasm.get(at), ...wasm.get(end), ...wasm.lessUnsigned()];
  const load = (pointer: number) => [...wasm.get(pointer), ...wasm.load(0)];
  const parameters = (count: number) => new Array<WasmType>(count).fill('i32');
  const isEqual = [...load(0), ...load(1), ...equal];
  return new WebAssembly.Module(
    wasmModule([
      {
        name: 'countEqual',
        parameters: parameters(4),
        locals: [],
        body: wasm.repeat(
          // What is equal is −1, in all bits.
          [...wasm.get(2), ...load(2), ...isEqual, ...subtract, ...wasm.store(0)],
          advance(0, 1, 2),
          until(0, 3),
        ),
      },
    ]),
  );
}

/** Ranks over a region's box and a number for each, in the memory of WebAssembly. */
export class RankRoom {
  /** The numbers, 0 at first. */
  readonly numbers: Uint16Array;
  private readonly functions: RankFunctions;
  private readonly numbersAt: number;

  constructor(ranks: Uint16Array) {
    module ??= compile();
    this.functions = new WebAssembly.Instance(module).exports as unknown as RankFunctions;
    const { memory } = this.functions;
    this.numbersAt = Math.ceil(ranks.byteLength / vectorBytes + 1) * vectorBytes;
    const page = 2 ** 16;
    memory.grow(Math.ceil((2 * this.numbersAt) / page));
    new Uint16Array(memory.buffer, 0, ranks.length).set(ranks);
    this.numbers = new Uint16Array(memory.buffer, this.numbersAt, ranks.length);
  }

  /** Adds to the number at each place in [from, to) how many of the places at `steps` from it, both ways, have the same rank. */
  countEqual(from: number, to: number, steps: Int32Array): void {
    const chunk = 8192;
    for (let start = from; start < to; start += chunk) {
      const end = 2 * Math.min(to, start + chunk);
      const counts = this.numbersAt + 2 * start;
      for (let d = 0; d < steps.length; d++) {
        this.functions.countEqual(2 * start, 2 * (start + steps[d]), counts, end);
        this.functions.countEqual(2 * start, 2 * (start - steps[d]), counts, end);
      }
      // The last vector reaches into the next chunk, which is yet to be counted.
      this.numbers.fill(0, end / 2, Math.min(end / 2 + 8, this.numbers.length));
    }
  }
}
