import { blockLines, type DerivativePass, padded, type Range, rangeAround } from './derivative-pass.ts';
import type { FilterMemory } from './filter-memory.ts';
import { chooseFilter, recurse } from './recursion.ts';

/** Rows that are taken out of the image at once where a plane has one row of each of the image's planes. */
const rowsAtOnce = 8;

/** Where things are in the memory. */
export interface Places {
  /** Blocks of lines. */
  readonly tile: number;
  readonly lines: number;
  readonly output: number;
  readonly scratch: number;
  /** A plane after the first of its axes. */
  readonly plane: number;
  /** All planes after both, as float32: rows of a multiple of 4 samples. */
  readonly smoothed: number;
  /** Voxels as the image has them. */
  readonly staged: number;
}

/** How long the parts of the memory are, in the order of `Places`. */
export function lengthsOf(pass: DerivativePass): number[] {
  const { image, box, r, c, curvedAxis } = pass;
  const [columns, rows, depth] = [0, r, c].map((axis) => lengthOf(rangeAround(pass, axis, 1)));
  // Two rows more, as transposing takes and leaves rows in pairs.
  const block = 8 * blockLines * (Math.max(columns, rows, depth) + 2);
  const [width, height] = [padded(box.size[0]), padded(box.size[r])];
  const plane = 8 * (curvedAxis === 0 ? (rows + 1) * width : (columns + 1) * height);
  const smoothed = 4 * width * (depth * box.size[r] + 1);
  const staged = (c === 2 ? rows : rows * rowsAtOnce) * image.size[0] * image.voxels.BYTES_PER_ELEMENT;
  return [block, block, block, block, plane, smoothed, staged];
}

/** Filters each plane along x and r; leaves the region's part of it among the smoothed ones. */
export function smoothPlanes(memory: FilterMemory, pass: DerivativePass, places: Places): void {
  const { image, box, c, r, reach } = pass;
  const planes = rangeAround(pass, c, 1);
  const most = rangeAround(pass, r, 1);
  const { BYTES_PER_ELEMENT: bytes, [Symbol.toStringTag]: type } = image.voxels;
  const rowBytes = image.size[0] * bytes;
  const planeBytes = 4 * padded(box.size[0]) * box.size[r];
  let staged: Range = { first: 0, last: 0 };
  for (let plane = planes.first; plane < planes.last; plane++) {
    if (plane >= staged.last) {
      staged = { first: plane, last: Math.min(planes.last, plane + (c === 2 ? 1 : rowsAtOnce)) };
      stage(memory, pass, staged, places.staged);
    }
    // At some distance along c only a share of the reach still counts along the others.
    const distance = Math.max(box.lower[c] - plane, plane - (box.lower[c] + box.size[c] - 1), 0);
    const share = Math.max(0, 1 - distance / reach[c]);
    const [xs, rs] = [rangeAround(pass, 0, share), rangeAround(pass, r, share)];
    const stride = c === 2 ? rowBytes : rowBytes * lengthOf(staged);
    const inStage = c === 2 ? 0 : (plane - staged.first) * rowBytes;
    const part: PlanePart = {
      load: memory.kernel[`from${type}`],
      ...{
        from: places.staged + (rs.first - most.first) * stride + inStage + xs.first * bytes,
        stride,
        bytes,
      },
      ...{ columns: lengthOf(xs), rows: lengthOf(rs) },
      ...{ firstX: box.lower[0] - xs.first, firstR: box.lower[r] - rs.first },
    };
    const to = places.smoothed + (plane - planes.first) * planeBytes;
    if (pass.curvedAxis === 0) alongThenAcross(memory, pass, part, places, to);
    else acrossThenAlong(memory, pass, part, places, to);
  }
}

/** Copies whole rows of the image, which planes of a range need. */
function stage(memory: FilterMemory, pass: DerivativePass, planes: Range, to: number): void {
  const { image, c, r } = pass;
  const { voxels } = image;
  const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  const row = image.size[0] * voxels.BYTES_PER_ELEMENT;
  const rs = rangeAround(pass, r, 1);
  const [ys, zs] = c === 2 ? [rs, planes] : [planes, rs];
  const length = lengthOf(ys) * row;
  for (let z = zs.first; z < zs.last; z++) {
    const from = (ys.first + z * image.size[1]) * row;
    memory.bytes.set(bytes.subarray(from, from + length), to + (z - zs.first) * length);
  }
}

/** What of a plane is filtered. */
interface PlanePart {
  readonly load: FilterMemory['kernel']['fromFloat64Array'];
  /** Where its first sample is staged, the distance of its rows, and the length of a voxel, in bytes. */
  readonly from: number;
  readonly stride: number;
  readonly bytes: number;
  readonly columns: number;
  readonly rows: number;
  /** Where in it the region begins. */
  readonly firstX: number;
  readonly firstR: number;
}

function alongThenAcross(
  memory: FilterMemory,
  pass: DerivativePass,
  { from, stride, load, columns, rows, firstX, firstR }: PlanePart,
  { tile, lines, output, scratch, plane }: Places,
  to: number,
): void {
  const { kernel } = memory;
  const [width, height] = [pass.box.size[0], pass.box.size[pass.r]];
  const [rowBytes, tileStride] = [8 * padded(width), 8 * padded(columns)];
  const tileRows = blockLines / 2;
  chooseFilter(memory, pass.filterX);
  for (let row = 0; row < rows; row += tileRows) {
    const count = Math.min(tileRows, rows - row);
    const across = 8 * padded(count);
    load(from + row * stride, stride, tile, tileStride, 8 * columns, count);
    kernel.transpose(tile, tileStride, lines, across, 8 * even(columns), half(count));
    recurse(memory, { at: lines, stride: across }, output, scratch, across, columns, firstX, firstX + width);
    const first = output + firstX * across;
    kernel.transposeRounded(first, across, plane + row * rowBytes, rowBytes, 8 * even(count), half(width));
  }
  chooseFilter(memory, pass.filterR);
  for (let x = 0; x < width; x += blockLines) {
    const across = 8 * padded(Math.min(blockLines, width - x));
    const input = { at: plane + 8 * x, stride: rowBytes };
    recurse(memory, input, output, scratch, across, rows, firstR, firstR + height);
    kernel.narrow(output + firstR * across, across, to + 4 * x, rowBytes / 2, across / 2, height);
  }
}

function acrossThenAlong(
  memory: FilterMemory,
  pass: DerivativePass,
  { from, stride, bytes, load, columns, rows, firstX, firstR }: PlanePart,
  { tile, output, scratch, plane }: Places,
  to: number,
): void {
  const { kernel } = memory;
  const [width, height] = [pass.box.size[0], pass.box.size[pass.r]];
  const [rowBytes, columnBytes] = [4 * padded(width), 8 * padded(height)];
  chooseFilter(memory, pass.filterR);
  for (let x = 0; x < columns; x += blockLines) {
    const count = Math.min(blockLines, columns - x);
    const across = 8 * padded(count);
    load(from + x * bytes, stride, tile, across, 8 * count, rows);
    recurse(memory, { at: tile, stride: across }, output, scratch, across, rows, firstR, firstR + height);
    const [first, rounded] = [output + firstR * across, plane + x * columnBytes];
    kernel.transposeRounded(first, across, rounded, columnBytes, 8 * even(count), half(height));
  }
  chooseFilter(memory, pass.filterX);
  for (let row = 0; row < height; row += blockLines) {
    const count = Math.min(blockLines, height - row);
    const across = 8 * padded(count);
    const input = { at: plane + 8 * row, stride: columnBytes };
    recurse(memory, input, output, scratch, across, columns, firstX, firstX + width);
    const first = output + firstX * across;
    kernel.transposeNarrow(first, across, to + row * rowBytes, rowBytes, 8 * even(count), half(width));
  }
}

function lengthOf({ first, last }: Range): number {
  return last - first;
}

function even(count: number): number {
  return 2 * half(count);
}

function half(count: number): number {
  return Math.ceil(count / 2);
}
