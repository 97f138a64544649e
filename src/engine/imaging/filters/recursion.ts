import { recursionKernel } from './recursion-kernel.ts';
import type { RecursiveGaussian } from './recursive-gaussian.ts';

/**
 * Lines side by side: sample n of line l is at `n * stride + l` of the input and of the output. `stride` is a multiple of 8
 * and no less than the number of lines; what lies between lines and stride is computed along and without meaning.
 */
export class LineBlock {
  input = new Float64Array(0);
  output = new Float64Array(0);
  stride = 0;
  private scratch = new Float64Array(0);
  private readonly kernel = recursionKernel();

  /** Makes room for lines of some length; what the block held is lost. */
  reserve(lines: number, length: number): void {
    // An odd number of cache lines (of 8 samples), so that the samples of one line do not compete for one place in the cache.
    this.stride = 8 * (Math.ceil(lines / 8) | 1);
    const size = this.stride * length;
    if (size <= this.input.length) return;
    const { memory } = this.kernel;
    const missing = 3 * 8 * size - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    this.input = new Float64Array(memory.buffer, 0, size);
    this.output = new Float64Array(memory.buffer, 8 * size, size);
    this.scratch = new Float64Array(memory.buffer, 16 * size, size);
  }

  /**
   * Runs both recursions over lines of `length` ≥ 4 samples and leaves their sum in the output, for the samples from `first`
   * up to `last` only. The sums are taken in the order of itk::RecursiveSeparableImageFilter, so that they are equal to its
   * to the bit.
   */
  recurse(length: number, first: number, last: number, filter: RecursiveGaussian): void {
    const { input, output, scratch, stride, kernel } = this;
    const row = 8 * stride;
    const at = (samples: Float64Array, n: number) => samples.byteOffset + n * row;
    startCausal(input, output, stride, filter);
    if (last > 4) {
      kernel.recur(at(input, 4), at(output, 4), 0, row, row, last - 4, ...filter.n, ...filter.d);
    }
    startAnticausal(input, scratch, stride, length, filter);
    const start = length - 4;
    for (let n = Math.max(first, start); n < last; n++) add(output, scratch, n * stride, stride);
    // Down to where sums are wanted, first without summing.
    const silent = Math.max(0, start - last);
    if (silent > 0) {
      kernel.recur(at(input, start), at(scratch, start - 1), 0, -row, row, silent, ...filter.m, ...filter.d);
    }
    const from = start - silent;
    if (from > first) {
      const y = at(scratch, from - 1);
      const sum = at(output, from - 1);
      kernel.recurAndAdd(at(input, from), y, sum, -row, row, from - first, ...filter.m, ...filter.d);
    }
  }
}

function startCausal(
  input: Float64Array,
  output: Float64Array,
  stride: number,
  filter: RecursiveGaussian,
): void {
  const [n0, n1, n2, n3] = filter.n;
  const [d1, d2, d3] = filter.d;
  const [e1, e2, e3, e4] = filter.causalEnd;
  for (let line = 0; line < stride; line++) {
    const x0 = input[line];
    const x1 = input[line + stride];
    const x2 = input[line + 2 * stride];
    const x3 = input[line + 3 * stride];
    const y0 = x0 * n0 + x0 * n1 + x0 * n2 + x0 * n3 - (x0 * e1 + x0 * e2 + x0 * e3 + x0 * e4);
    const y1 = x1 * n0 + x0 * n1 + x0 * n2 + x0 * n3 - (y0 * d1 + x0 * e2 + x0 * e3 + x0 * e4);
    const y2 = x2 * n0 + x1 * n1 + x0 * n2 + x0 * n3 - (y1 * d1 + y0 * d2 + x0 * e3 + x0 * e4);
    const y3 = x3 * n0 + x2 * n1 + x1 * n2 + x0 * n3 - (y2 * d1 + y1 * d2 + y0 * d3 + x0 * e4);
    output[line] = y0;
    output[line + stride] = y1;
    output[line + 2 * stride] = y2;
    output[line + 3 * stride] = y3;
  }
}

function startAnticausal(
  input: Float64Array,
  scratch: Float64Array,
  stride: number,
  length: number,
  filter: RecursiveGaussian,
): void {
  const [m1, m2, m3, m4] = filter.m;
  const [d1, d2, d3] = filter.d;
  const [e1, e2, e3, e4] = filter.anticausalEnd;
  for (let line = 0; line < stride; line++) {
    const at = line + (length - 1) * stride;
    const x0 = input[at];
    const x1 = input[at - stride];
    const x2 = input[at - 2 * stride];
    const y0 = x0 * m1 + x0 * m2 + x0 * m3 + x0 * m4 - (x0 * e1 + x0 * e2 + x0 * e3 + x0 * e4);
    const y1 = x0 * m1 + x0 * m2 + x0 * m3 + x0 * m4 - (y0 * d1 + x0 * e2 + x0 * e3 + x0 * e4);
    const y2 = x1 * m1 + x0 * m2 + x0 * m3 + x0 * m4 - (y1 * d1 + y0 * d2 + x0 * e3 + x0 * e4);
    const y3 = x2 * m1 + x1 * m2 + x0 * m3 + x0 * m4 - (y2 * d1 + y1 * d2 + y0 * d3 + x0 * e4);
    scratch[at] = y0;
    scratch[at - stride] = y1;
    scratch[at - 2 * stride] = y2;
    scratch[at - 3 * stride] = y3;
  }
}

function add(to: Float64Array, from: Float64Array, start: number, count: number): void {
  for (let n = start; n < start + count; n++) to[n] += from[n];
}
