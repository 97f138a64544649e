import type { RecursiveGaussian } from './recursive-gaussian.ts';

/** Lines side by side: sample n of line l is at `n * stride + l`. Two arrays of one length: the input, and the output. */
export interface LineBlock {
  readonly stride: number;
  readonly input: Float64Array;
  readonly output: Float64Array;
  readonly scratch: Float64Array;
}

/**
 * Runs both recursions over `lines` lines of `length` ≥ 4 samples and leaves their sum in `output`, for the samples from
 * `first` up to `last` only. The sums are taken in the order of itk::RecursiveSeparableImageFilter, so that they are equal to
 * its to the bit.
 */
export function recurse(
  block: LineBlock,
  lines: number,
  length: number,
  first: number,
  last: number,
  filter: RecursiveGaussian,
): void {
  const { stride } = block;
  const padded = (lines + 1) & ~1;
  for (let line = 0; line < padded; line++) startCausal(block, line, filter);
  for (let line = 0; line < padded; line += 2) causal(block.input, block.output, stride, line, last, filter);
  for (let line = 0; line < padded; line++) startAnticausal(block, line, length, filter);
  for (let line = 0; line < padded; line += 2)
    anticausal(block.input, block.scratch, stride, line, first, length, filter);
  add(block.output, block.scratch, first * stride, last * stride);
}

function startCausal({ input, output, stride }: LineBlock, line: number, filter: RecursiveGaussian): void {
  const [n0, n1, n2, n3] = filter.n;
  const [d1, d2, d3] = filter.d;
  const [e1, e2, e3, e4] = filter.causalEnd;
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

function startAnticausal(
  { input, scratch, stride }: LineBlock,
  line: number,
  length: number,
  filter: RecursiveGaussian,
): void {
  const [m1, m2, m3, m4] = filter.m;
  const [d1, d2, d3] = filter.d;
  const [e1, e2, e3, e4] = filter.anticausalEnd;
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

// Two lines at a time: one alone waits for its own last output at every step.
function causal(
  input: Float64Array,
  output: Float64Array,
  stride: number,
  line: number,
  last: number,
  filter: RecursiveGaussian,
): void {
  const [n0, n1, n2, n3] = filter.n;
  const [d1, d2, d3, d4] = filter.d;
  let at = line + stride;
  let [xa3, xb3] = [input[at], input[at + 1]];
  let [ya4, yb4] = [output[at - stride], output[at - stride + 1]];
  let [ya3, yb3] = [output[at], output[at + 1]];
  at += stride;
  let [xa2, xb2] = [input[at], input[at + 1]];
  let [ya2, yb2] = [output[at], output[at + 1]];
  at += stride;
  let [xa1, xb1] = [input[at], input[at + 1]];
  let [ya1, yb1] = [output[at], output[at + 1]];
  const end = line + last * stride;
  for (at += stride; at < end; at += stride) {
    const xa = input[at];
    const xb = input[at + 1];
    const ya = xa * n0 + xa1 * n1 + xa2 * n2 + xa3 * n3 - (ya1 * d1 + ya2 * d2 + ya3 * d3 + ya4 * d4);
    const yb = xb * n0 + xb1 * n1 + xb2 * n2 + xb3 * n3 - (yb1 * d1 + yb2 * d2 + yb3 * d3 + yb4 * d4);
    output[at] = ya;
    output[at + 1] = yb;
    xa3 = xa2;
    xa2 = xa1;
    xa1 = xa;
    ya4 = ya3;
    ya3 = ya2;
    ya2 = ya1;
    ya1 = ya;
    xb3 = xb2;
    xb2 = xb1;
    xb1 = xb;
    yb4 = yb3;
    yb3 = yb2;
    yb2 = yb1;
    yb1 = yb;
  }
}

function anticausal(
  input: Float64Array,
  scratch: Float64Array,
  stride: number,
  line: number,
  first: number,
  length: number,
  filter: RecursiveGaussian,
): void {
  const [m1, m2, m3, m4] = filter.m;
  const [d1, d2, d3, d4] = filter.d;
  let at = line + (length - 1) * stride;
  let [xa4, xb4] = [input[at], input[at + 1]];
  let [ya4, yb4] = [scratch[at], scratch[at + 1]];
  at -= stride;
  let [xa3, xb3] = [input[at], input[at + 1]];
  let [ya3, yb3] = [scratch[at], scratch[at + 1]];
  at -= stride;
  let [xa2, xb2] = [input[at], input[at + 1]];
  let [ya2, yb2] = [scratch[at], scratch[at + 1]];
  at -= stride;
  let [xa1, xb1] = [input[at], input[at + 1]];
  let [ya1, yb1] = [scratch[at], scratch[at + 1]];
  const end = line + first * stride;
  for (at -= stride; at >= end; at -= stride) {
    const ya = xa1 * m1 + xa2 * m2 + xa3 * m3 + xa4 * m4 - (ya1 * d1 + ya2 * d2 + ya3 * d3 + ya4 * d4);
    const yb = xb1 * m1 + xb2 * m2 + xb3 * m3 + xb4 * m4 - (yb1 * d1 + yb2 * d2 + yb3 * d3 + yb4 * d4);
    scratch[at] = ya;
    scratch[at + 1] = yb;
    xa4 = xa3;
    xa3 = xa2;
    xa2 = xa1;
    xa1 = input[at];
    ya4 = ya3;
    ya3 = ya2;
    ya2 = ya1;
    ya1 = ya;
    xb4 = xb3;
    xb3 = xb2;
    xb2 = xb1;
    xb1 = input[at + 1];
    yb4 = yb3;
    yb3 = yb2;
    yb2 = yb1;
    yb1 = yb;
  }
}

function add(to: Float64Array, from: Float64Array, start: number, end: number): void {
  for (let n = start; n < end; n++) to[n] += from[n];
}
