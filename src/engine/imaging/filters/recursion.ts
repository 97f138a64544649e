import type { FilterMemory } from './filter-memory.ts';
import { weightsAt } from './recursion-kernel.ts';
import type { RecursiveGaussian } from './recursive-gaussian.ts';

/** Lines side by side: sample n of line l is `n * stride + 8 * l` bytes behind the first. */
export interface Lines {
  readonly at: number;
  readonly stride: number;
}

/** Sets the weights of the recursions to come. */
export function chooseFilter({ samples }: FilterMemory, filter: RecursiveGaussian): void {
  for (let k = 0; k < 4; k++) {
    samples[weightsAt.n / 8 + k] = filter.n[k];
    samples[weightsAt.m / 8 + k] = filter.m[k];
    samples[weightsAt.d / 8 + k] = filter.d[k];
    samples[weightsAt.causalEnd / 8 + k] = filter.causalEnd[k];
    samples[weightsAt.anticausalEnd / 8 + k] = filter.anticausalEnd[k];
  }
}

/**
 * Runs both recursions of the chosen filter over lines of `length` ≥ 4 samples, `width` bytes of them side by side, a multiple of 32,
 * and leaves their sum at `output`, for the samples from `first` up to `last` only; `scratch` is as large. Both have their rows one
 * right after the other. The sums are taken in the order of itk::RecursiveSeparableImageFilter, so that they are equal to its to
 * the bit.
 */
export function recurse(
  { kernel, samples }: FilterMemory,
  input: Lines,
  output: number,
  scratch: number,
  width: number,
  length: number,
  first: number,
  last: number,
): void {
  const { at: x, stride } = input;
  const { n, m } = weightsAt;
  const end = length - 1;
  kernel.startCausal(x, output, stride, width, width);
  if (last > 4) {
    kernel.recur(x + 4 * stride, output + 4 * width, 0, stride, width, width, last - 4, n);
  }
  kernel.startAnticausal(x + end * stride, scratch + end * width, -stride, -width, width);
  const start = length - 4;
  for (let row = Math.max(first, start); row < last; row++) {
    add(samples, (output + row * width) / 8, (scratch + row * width) / 8, width / 8);
  }
  // Down to where sums are wanted, first without summing.
  const silent = Math.max(0, start - last);
  if (silent > 0) {
    kernel.recur(x + start * stride, scratch + (start - 1) * width, 0, -stride, -width, width, silent, m);
  }
  const from = start - silent;
  if (from > first) {
    const y = scratch + (from - 1) * width;
    const sum = output + (from - 1) * width;
    kernel.recurAndAdd(x + from * stride, y, sum, -stride, -width, width, from - first, m);
  }
}

function add(samples: Float64Array, to: number, from: number, count: number): void {
  for (let n = 0; n < count; n++) samples[to + n] += samples[from + n];
}
