import type { VoxelArray } from '../volume.ts';
import { LineBlock } from './recursion.ts';
import type { RecursiveGaussian } from './recursive-gaussian.ts';

/** A range of indices along an axis, [first, last). */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * Rows of samples that are adjacent in memory: row r starts at `offset + r * step`. What a pass reads has as many rows
 * and samples as the pass needs to reach what it writes.
 */
export interface Rows {
  readonly samples: VoxelArray;
  readonly offset: number;
  readonly step: number;
}

/** Recursive filtering along one axis of a plane of rows; it keeps its blocks of lines between calls. */
export class AxisPass {
  private readonly block = new LineBlock();
  private row = new Float64Array(0);

  /** Filters across `length` rows of `width` samples each; gives the rows of `wanted` to `to`, from its row 0 on. */
  across(
    from: Rows,
    width: number,
    length: number,
    wanted: Range,
    filter: RecursiveGaussian,
    to: Rows,
  ): void {
    this.block.reserve(width, length);
    const { stride, input, output } = this.block;
    for (let n = 0; n < length; n++) {
      const start = from.offset + n * from.step;
      input.set(from.samples.subarray(start, start + width), n * stride);
    }
    this.block.recurse(length, wanted.first, wanted.last, filter);
    for (let n = wanted.first; n < wanted.last; n++) {
      const start = n * stride;
      to.samples.set(output.subarray(start, start + width), to.offset + (n - wanted.first) * to.step);
    }
  }

  /** Filters along each of `count` rows of `length` samples; gives the samples of `wanted` to the rows of `to`. */
  along(from: Rows, count: number, length: number, wanted: Range, filter: RecursiveGaussian, to: Rows): void {
    for (let row = 0; row < count; row += tileLines) {
      const lines = Math.min(tileLines, count - row);
      this.alongTile(from, row, lines, length, wanted, filter, to);
    }
  }

  private alongTile(
    from: Rows,
    row: number,
    lines: number,
    length: number,
    wanted: Range,
    filter: RecursiveGaussian,
    to: Rows,
  ): void {
    const { block } = this;
    block.reserve(lines, length);
    if (this.row.length < length) this.row = new Float64Array(length);
    for (let line = 0; line < lines; line++) {
      const start = from.offset + (row + line) * from.step;
      this.row.set(from.samples.subarray(start, start + length));
      spread(this.row, length, block.input, line, block.stride);
    }
    block.recurse(length, wanted.first, wanted.last, filter);
    const result = this.row.subarray(0, wanted.last - wanted.first);
    for (let line = 0; line < lines; line++) {
      gather(block.output, line + wanted.first * block.stride, block.stride, result);
      to.samples.set(result, to.offset + (row + line) * to.step);
    }
  }
}

const tileLines = 40;

function spread(row: Float64Array, length: number, to: Float64Array, start: number, stride: number): void {
  let at = start;
  for (let n = 0; n < length; n++) {
    to[at] = row[n];
    at += stride;
  }
}

function gather(from: Float64Array, start: number, stride: number, row: Float64Array): void {
  let at = start;
  for (let n = 0; n < row.length; n++) {
    row[n] = from[at];
    at += stride;
  }
}
