import { type WasmFunction, wasm } from '../imaging/filters/wasm-module.ts';
import {
  add,
  advance,
  type Code,
  choose,
  instruction,
  isBelow,
  load16,
  loadFloat,
  loadNumber,
  locals,
  set,
  shiftLeft,
  store16,
  storeFloat,
  storeNumber,
  subtract,
  types,
  when,
} from './instructions.ts';

/** What is computed of one voxel after the other; arguments are as those of `RankFunctions`. */
export interface VoxelFunctions {
  /** As `tally`, for neighbours so near that eight voxels do not part them. */
  readonly tallyNear: (
    blocks: number,
    blocksEnd: number,
    back: number,
    lengths: number,
    levels: number,
    width4: number,
    table: number,
  ) => void;
  /**
   * Adds to the float64 of each rank at `differences` how far its grey level, which is that at `levels`, is from the mean of its
   * neighbours: `numbers` says how many they are, `sums` what their levels and its own make.
   */
  readonly addDifferences: (
    blocks: number,
    blocksEnd: number,
    sums: number,
    numbers: number,
    levels: number,
    differences: number,
  ) => void;
  /**
   * Joins each voxel to those before it that `bits` tells of. For each bit there are two numbers at `lists`: how far before the voxel
   * lies, and the bits that are still of interest. `ring` has room for the parts of the last voxels, found by the bits in `round`. From
   * `parts` on it leaves for each part four numbers: the address of the part that it belongs to, which is its own for the first of a
   * zone, its size, the address of its first voxel, and the least of `distances`, if there are any.
   */
  readonly joinZones: (
    blocks: number,
    blocksEnd: number,
    bits: number,
    lists: number,
    ring: number,
    round: number,
    parts: number,
    distances: number,
  ) => void;
}

const isEqual = instruction(0x46);
const isUnequal = instruction(0x47);
const trailingZeros = instruction(0x68);
const times = instruction(0x6c);
const and = instruction(0x71);
const absolute = instruction(0x99);
const plus = instruction(0xa0);
const minus = instruction(0xa1);
const divided = instruction(0xa3);
const toFloat = instruction(0xb8);

const { get, constant, repeat } = wasm;

/** Takes each voxel of the region, whose rank is at `at`, through the body. */
function each(block: number, end: number, at: number, until: number, body: readonly Code[]): number[] {
  return repeat(
    set(at, loadNumber(get(block))),
    set(until, add(get(at), constant(16))),
    repeat(when(load16(get(at)), body.flat()), advance(at, 2), isBelow(get(at), get(until))),
    advance(block, 4),
    isBelow(get(block), get(end)),
  );
}

function tallyNear(): WasmFunction {
  const [block, end, back, lengths, levels, width4, table, at, until, rank, before, same, length, cell] =
    locals();
  const body = [
    set(rank, load16(get(at))),
    set(before, load16(subtract(get(at), get(back)))),
    set(same, isEqual(get(rank), get(before))),
    set(length, add(times(load16(subtract(add(get(at), get(lengths)), get(back))), get(same)), constant(1))),
    store16(add(get(at), get(lengths)), get(length)),
    set(
      cell,
      add(
        add(get(table), times(get(rank), get(width4))),
        shiftLeft(choose(add(get(length), get(levels)), get(before), get(same)), constant(2)),
      ),
    ),
    storeNumber(get(cell), add(loadNumber(get(cell)), constant(1))),
  ];
  return {
    name: 'tallyNear',
    parameters: types(7, 0),
    locals: types(7, 0),
    body: each(block, end, at, until, body),
  };
}

function addDifferences(): WasmFunction {
  const [block, end, sums, numbers, levels, differences, at, until, number, rank, cell, level] = locals();
  const others = minus(toFloat(load16(add(get(at), get(sums)))), get(level));
  const body = [
    set(number, load16(add(get(at), get(numbers)))),
    when(get(number), [
      ...set(rank, shiftLeft(load16(get(at)), constant(3))),
      ...set(level, loadFloat(add(get(rank), get(levels)))),
      ...set(cell, add(get(rank), get(differences))),
      ...storeFloat(
        get(cell),
        plus(loadFloat(get(cell)), absolute(minus(get(level), divided(others, toFloat(get(number)))))),
      ),
    ]),
  ];
  return {
    name: 'addDifferences',
    parameters: types(6, 0),
    locals: [...types(5, 0), 'f64'],
    body: each(block, end, at, until, body),
  };
}

function joinZones(): WasmFunction {
  const [block, end, bits, lists, ring, round, parts, distances, at, until, ...others] = locals();
  const [left, direction, part, other, next, root, distance] = others;
  const partAt = (voxel: Code) => add(get(ring), shiftLeft(and(voxel, get(round)), constant(1)));
  const field = (n: number) => add(get(part), constant(4 * n));
  const nextDirection = set(direction, add(get(lists), shiftLeft(trailingZeros(get(left)), constant(3))));
  const partThere = loadNumber(partAt(subtract(get(at), loadNumber(get(direction)))));
  const stillLeft = set(left, and(get(left), loadNumber(add(get(direction), constant(4)))));
  // Each part on the way comes to belong to the next but one, which shortens the way.
  const findRoot = (of: number) =>
    repeat(
      storeNumber(get(of), loadNumber(loadNumber(get(of)))),
      set(of, loadNumber(get(of))),
      isUnequal(get(of), loadNumber(get(of))),
    );
  const join = [
    ...set(root, get(part)),
    ...findRoot(root),
    ...findRoot(other),
    // The lower, which is of the earlier voxel, stands for both.
    ...set(part, choose(get(root), get(other), isBelow(get(root), get(other)))),
    ...storeNumber(get(root), get(part)),
    ...storeNumber(get(other), get(part)),
  ];
  const follow = [
    ...nextDirection,
    ...set(part, partThere),
    ...stillLeft,
    ...when(
      get(left),
      repeat(
        nextDirection,
        set(other, partThere),
        when(isUnequal(get(other), get(part)), join),
        stillLeft,
        get(left),
      ),
    ),
  ];
  const begin = [
    ...set(part, get(next)),
    ...storeNumber(field(0), get(part)),
    ...storeNumber(field(1), constant(0)),
    ...storeNumber(field(2), get(at)),
    ...storeNumber(field(3), constant(0xffff)),
    ...advance(next, 16),
  ];
  const body = [
    set(left, load16(add(get(at), get(bits)))),
    when(get(left), follow, begin),
    storeNumber(partAt(get(at)), get(part)),
    storeNumber(field(1), add(loadNumber(field(1)), constant(1))),
    when(get(distances), [
      ...set(distance, load16(add(get(at), get(distances)))),
      ...when(isBelow(get(distance), loadNumber(field(3))), storeNumber(field(3), get(distance))),
    ]),
  ];
  return {
    name: 'joinZones',
    parameters: types(8, 0),
    locals: types(9, 0),
    body: [...set(next, get(parts)), ...each(block, end, at, until, body)],
  };
}

export const voxelFunctions = (): WasmFunction[] => [tallyNear(), addDifferences(), joinZones()];
