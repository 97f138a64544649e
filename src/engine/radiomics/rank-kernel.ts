import { type WasmFunction, wasm, wasmModule } from '../imaging/filters/wasm-module.ts';
import {
  add,
  advance,
  instruction,
  isBelow,
  load,
  loadNumber,
  locals,
  set,
  store,
  storeNumber,
  subtract,
  types,
} from './instructions.ts';
import { type VoxelFunctions, voxelFunctions } from './voxel-kernel.ts';

/**
 * What is computed of eight voxels at once by WebAssembly's vectors. Numbers are of 16 bits, except in tables; what is named `at`,
 * or is an argument below, is an address or a distance in bytes. `blocks` to `blocksEnd` are the addresses of the ranks of the
 * groups of eight that hold voxels of the region; other arrays lie at a fixed distance from the ranks.
 */
export interface RankFunctions extends VoxelFunctions {
  readonly memory: WebAssembly.Memory;
  /**
   * Adds 1 to the table's cell of each voxel: the row is its rank; the column is the rank of the voxel `back` before it or, where
   * that is the same, `levels` plus the length of the run so far, which is kept in `lengths`. Rows take `width4` bytes.
   */
  readonly tally: (
    blocks: number,
    blocksEnd: number,
    back: number,
    lengths: number,
    levels: number,
    width4: number,
    table: number,
  ) => void;
  /**
   * Adds 1 to the table's cell of each voxel: the row is its rank, the column one plus how many of the voxels at `steps` to both sides
   * have the same.
   */
  readonly tallyEqual: (
    blocks: number,
    blocksEnd: number,
    steps: number,
    stepsEnd: number,
    width4: number,
    table: number,
  ) => void;
  /**
   * Sets a bit of `bits`, the lowest for the first of up to 16 `steps`, where the voxel a step before has the same rank. At `steps` it
   * leaves how many voxels have none.
   */
  readonly equalBits: (
    blocks: number,
    blocksEnd: number,
    steps: number,
    stepsEnd: number,
    bits: number,
  ) => void;
  /** Puts into `sums`, a distance from the numbers from `at` to `end`, what each makes together with those a step before and behind. */
  readonly sumThree: (at: number, end: number, step: number, sums: number) => void;
}

// On vectors of 16-bit and, where so named, of 32-bit numbers (WebAssembly core specification 2.0, §5.4.8).
const splat = instruction(0xfd, 0x10);
const splat32 = instruction(0xfd, 0x11);
const equal = instruction(0xfd, 0x2d);
const notEqual = instruction(0xfd, 0x2e);
const and = instruction(0xfd, 0x4e);
const or = instruction(0xfd, 0x50);
const choose = instruction(0xfd, 0x52);
const plus = instruction(0xfd, 0x8e, 0x01);
const minus = instruction(0xfd, 0x91, 0x01);
const plus32 = instruction(0xfd, 0xae, 0x01);
const multiplyLow = instruction(0xfd, 0xbe, 0x01);
const multiplyHigh = instruction(0xfd, 0xbf, 0x01);
/** One bit of each lane, as one number. */
const laneBits = instruction(0xfd, 0x84, 0x01);
/** How many bits of a number are 1. */
const ones = instruction(0x69);
const lane32 = (lane: number) => instruction(0xfd, 0x1b, lane);

const { get, constant } = wasm;

/** Counts cells of a table by rank and column, whose locals are those before; the others are of no other use. */
function counting(
  ranks: number,
  column: number,
  table: number,
  width4: number,
  [cell, ...vectors]: number[],
) {
  const [four, rowBytes, tableAt, low, high] = vectors;
  const address = (multiply: typeof multiplyLow) =>
    plus32(plus32(multiply(get(ranks), get(rowBytes)), multiply(get(column), get(four))), get(tableAt));
  const count = (cells: number, lane: number) => [
    ...set(cell, lane32(lane)(get(cells))),
    ...storeNumber(get(cell), add(loadNumber(get(cell)), constant(1))),
  ];
  return {
    before: [
      ...set(four, splat(constant(4))),
      ...set(rowBytes, splat(get(width4))),
      ...set(tableAt, splat32(get(table))),
    ],
    each: [
      ...set(low, address(multiplyLow)),
      ...set(high, address(multiplyHigh)),
      ...[0, 1, 2, 3].flatMap((lane) => [...count(low, lane), ...count(high, lane)]),
    ],
  };
}

function tally(): WasmFunction {
  const [block, end, back, lengths, levels, width4, table, at, cell, ...vectors] = locals();
  const [none, runs, ranks, before, same, inside, length, column, ...rest] = vectors;
  const counts = counting(ranks, column, table, width4, [cell, ...rest]);
  return {
    name: 'tally',
    parameters: types(7, 0),
    locals: types(2, 13),
    body: [
      ...counts.before,
      ...set(runs, splat(get(levels))),
      ...wasm.repeat(
        set(at, loadNumber(get(block))),
        set(ranks, load(get(at))),
        set(before, load(subtract(get(at), get(back)))),
        // What is true is −1, in all bits.
        set(same, equal(get(ranks), get(before))),
        set(inside, notEqual(get(ranks), get(none))),
        set(at, add(get(at), get(lengths))),
        set(length, minus(and(load(subtract(get(at), get(back))), get(same)), get(inside))),
        store(get(at), get(length)),
        // Outside of the region all is 0, whatever lies before.
        set(column, and(choose(plus(get(length), get(runs)), get(before), get(same)), get(inside))),
        counts.each,
        advance(block, 4),
        isBelow(get(block), get(end)),
      ),
    ],
  };
}

function tallyEqual(): WasmFunction {
  const [block, end, steps, stepsEnd, width4, table, at, step, back, cell, ...vectors] = locals();
  const [ones, ranks, count, ...rest] = vectors;
  const counts = counting(ranks, count, table, width4, [cell, ...rest]);
  return {
    name: 'tallyEqual',
    parameters: types(6, 0),
    locals: types(4, 8),
    body: [
      ...counts.before,
      ...set(ones, splat(constant(1))),
      ...wasm.repeat(
        set(at, loadNumber(get(block))),
        set(ranks, load(get(at))),
        set(count, get(ones)),
        set(step, get(steps)),
        wasm.repeat(
          set(back, loadNumber(get(step))),
          set(count, minus(get(count), equal(get(ranks), load(subtract(get(at), get(back)))))),
          set(count, minus(get(count), equal(get(ranks), load(add(get(at), get(back)))))),
          advance(step, 4),
          isBelow(get(step), get(stepsEnd)),
        ),
        counts.each,
        advance(block, 4),
        isBelow(get(block), get(end)),
      ),
    ],
  };
}

function equalBits(): WasmFunction {
  const [block, end, steps, stepsEnd, bits, at, step, lonely, ranks, found, bit, none] = locals();
  const there = load(subtract(get(at), loadNumber(get(step))));
  return {
    name: 'equalBits',
    parameters: types(5, 0),
    locals: types(3, 4),
    body: [
      ...wasm.repeat(
        set(at, loadNumber(get(block))),
        set(ranks, load(get(at))),
        set(found, get(none)),
        set(bit, splat(constant(1))),
        set(step, get(steps)),
        wasm.repeat(
          set(found, or(get(found), and(equal(get(ranks), there), get(bit)))),
          set(bit, plus(get(bit), get(bit))),
          advance(step, 4),
          isBelow(get(step), get(stepsEnd)),
        ),
        store(add(get(at), get(bits)), get(found)),
        set(
          lonely,
          add(
            get(lonely),
            ones(laneBits(and(equal(get(found), get(none)), notEqual(get(ranks), get(none))))),
          ),
        ),
        advance(block, 4),
        isBelow(get(block), get(end)),
      ),
      ...storeNumber(get(steps), get(lonely)),
    ],
  };
}

function sumThree(): WasmFunction {
  const [at, end, step, sums] = locals();
  return {
    name: 'sumThree',
    parameters: types(4, 0),
    locals: [],
    body: wasm.repeat(
      store(
        add(get(at), get(sums)),
        plus(plus(load(subtract(get(at), get(step))), load(get(at))), load(add(get(at), get(step)))),
      ),
      advance(at, 16),
      isBelow(get(at), get(end)),
    ),
  };
}

let module: WebAssembly.Module | undefined;

/** The functions with a memory of their own, of one page. */
export function rankFunctions(): RankFunctions {
  module ??= new WebAssembly.Module(
    wasmModule([tally(), tallyEqual(), equalBits(), sumThree(), ...voxelFunctions()]),
  );
  return new WebAssembly.Instance(module).exports as unknown as RankFunctions;
}
