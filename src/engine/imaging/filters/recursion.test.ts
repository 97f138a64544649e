import { expect, test } from 'vitest';
import { FilterMemory } from './filter-memory.ts';
import { chooseFilter, recurse } from './recursion.ts';
import { gaussianReach, type RecursiveGaussian, recursiveGaussian } from './recursive-gaussian.ts';

/** Lines side by side: sample n of line l is number `n * stride + l` of the input and the output. */
class LineBlock {
  input: Float64Array = new Float64Array(0);
  output: Float64Array = new Float64Array(0);
  stride = 0;
  private places: number[] = [];
  private readonly memory = new FilterMemory();

  reserve(lines: number, length: number): void {
    this.stride = 4 * Math.ceil(lines / 4);
    const size = this.stride * length;
    this.places = this.memory.reserve(8 * size, 8 * size, 8 * size);
    const part = (n: number) => this.memory.samples.subarray(this.places[n] / 8, this.places[n] / 8 + size);
    [this.input, this.output] = [part(0), part(1)];
  }

  recurse(length: number, first: number, last: number, filter: RecursiveGaussian): void {
    const [input, output, scratch] = this.places;
    const width = 8 * this.stride;
    chooseFilter(this.memory, filter);
    recurse(this.memory, { at: input, stride: width }, output, scratch, width, length, first, last);
  }
}

/** One line as the definition has it: the line goes on with its end values, where the recursion is in its steady state. */
function plain(x: readonly number[], { n, m, d }: RecursiveGaussian): number[] {
  const at = (k: number) => x[Math.min(x.length - 1, Math.max(0, k))];
  const gain = (weights: readonly number[]) =>
    weights.reduce((sum, w) => sum + w) / d.reduce((sum, w) => sum + w, 1);
  const causal: number[] = [];
  const anticausal: number[] = [];
  for (let k = 0; k < x.length; k++) {
    causal[k] = 0;
    for (let j = 0; j < 4; j++) {
      causal[k] += n[j] * at(k - j) - d[j] * (k - 1 - j < 0 ? x[0] * gain(n) : causal[k - 1 - j]);
    }
  }
  for (let k = x.length - 1; k >= 0; k--) {
    anticausal[k] = 0;
    for (let j = 0; j < 4; j++) {
      const before = k + 1 + j >= x.length ? at(x.length) * gain(m) : anticausal[k + 1 + j];
      anticausal[k] += m[j] * at(k + 1 + j) - d[j] * before;
    }
  }
  return causal.map((value, k) => value + anticausal[k]);
}

test.each([
  [1, 4],
  [3, 5],
  [8, 9],
  [9, 30],
  [25, 17],
])('%i lines of %i samples are those of the plain recursion', (lines, length) => {
  const block = new LineBlock();
  for (const order of [0, 2] as const) {
    const filter = recursiveGaussian(1.7, order, 2.5);
    const rows = Array.from({ length: lines }, (_, l) =>
      Array.from({ length }, (_, n) => ((n * 37 + l * 11 + n * n * l) % 50) - 20),
    );
    for (const [first, last] of [
      [0, length],
      [length - 1, length],
      [0, 1],
      [1, length - 1],
    ]) {
      block.reserve(lines, length);
      rows.forEach((row, l) => {
        row.forEach((value, n) => {
          block.input[n * block.stride + l] = value;
        });
      });
      block.recurse(length, first, last, filter);
      for (const [l, row] of rows.entries()) {
        const expected = plain(row, filter);
        for (let n = first; n < last; n++) {
          expect(block.output[n * block.stride + l]).toBeCloseTo(expected[n], 10);
        }
      }
    }
  }
});

test('smoothing keeps a constant and a mean; its second moment is nearly sigma²', () => {
  const length = 201;
  const block = new LineBlock();
  block.reserve(2, length);
  const sample = (n: number, line: number) => n * block.stride + line;
  for (let n = 0; n < length; n++) {
    block.input[sample(n, 0)] = 7;
    block.input[sample(n, 1)] = n === 100 ? 1 : 0;
  }
  block.recurse(length, 0, length, recursiveGaussian(4, 0, 1));
  let [mass, spread] = [0, 0];
  for (let n = 0; n < length; n++) {
    expect(block.output[sample(n, 0)]).toBeCloseTo(7, 10);
    mass += block.output[sample(n, 1)];
    spread += block.output[sample(n, 1)] * (n - 100) ** 2;
  }
  expect(mass).toBeCloseTo(1, 10);
  // The exponentials' tails are not the Gaussian's: 6 % are missing from the second moment.
  expect(spread / 16).toBeGreaterThan(0.93);
  expect(spread / 16).toBeLessThan(0.95);
});

test.each([0.5, 1, 3, 12])('beyond its reach the response weighs next to nothing, sigma %d', (sigma) => {
  const length = 1201;
  const block = new LineBlock();
  block.reserve(1, length);
  block.input.fill(0);
  block.input[600 * block.stride] = 1;
  for (const order of [0, 2] as const) {
    block.recurse(length, 0, length, recursiveGaussian(sigma, order, 1));
    let [all, beyond] = [0, 0];
    for (let n = 0; n < length; n++) {
      const weight = Math.abs(block.output[n * block.stride]);
      all += weight;
      if (Math.abs(n - 600) > gaussianReach(sigma)) beyond += weight;
    }
    expect(beyond / all).toBeLessThan(1e-13);
  }
});
