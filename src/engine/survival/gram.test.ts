import { expect, it } from 'vitest';
import { random } from '../statistics/random.ts';
import { addGram, addWeightedGram } from './gram.ts';

it('adds or takes away the products of all columns, for any number of rows and columns', () => {
  const source = random(1, 'gram');
  for (const [p, rows, stride] of [
    [0, 5, 5],
    [1, 1, 1],
    [3, 7, 9],
    [4, 256, 256],
    [6, 257, 300],
    [41, 515, 520],
    [2, 1000, 1000],
  ]) {
    const buffer = Float64Array.from({ length: p * stride }, () => source.normal());
    for (const sign of [1, -1]) {
      const target = new Float64Array(p * p).fill(1);
      addGram(target, p, buffer, stride, rows, sign);
      for (let a = 0; a < p; a++) {
        for (let b = 0; b < p; b++) {
          let sum = 0;
          for (let r = 0; r < rows; r++) sum += buffer[a * stride + r] * buffer[b * stride + r];
          expect(target[a * p + b]).toBeCloseTo(b <= a ? 1 + sign * sum : 1, 10);
        }
      }
    }
  }
});

it('adds the weighted products of columns', () => {
  const source = random(2, 'gram');
  for (const [p, rows] of [
    [0, 3],
    [1, 1],
    [5, 300],
    [34, 512],
  ]) {
    const columns = Array.from({ length: p }, () =>
      Float64Array.from({ length: rows }, () => source.normal()),
    );
    const weights = Float64Array.from({ length: rows }, (_, r) => (r % 4 === 0 ? 0 : source.uniform()));
    const target = new Float64Array(p * p);
    addWeightedGram(target, columns, weights);
    for (let a = 0; a < p; a++) {
      for (let b = 0; b <= a; b++) {
        const sum = weights.reduce((total, w, r) => total + w * columns[a][r] * columns[b][r], 0);
        expect(target[a * p + b]).toBeCloseTo(sum, 10);
      }
    }
  }
});
