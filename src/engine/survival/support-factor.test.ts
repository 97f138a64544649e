import { describe, expect, it } from 'vitest';
import { random } from '../statistics/random.ts';
import { SupportFactor } from './support-factor.ts';
import { padded, VectorMemory } from './vector-memory.ts';

const SIZE = 70;

function factorOf(columns: number) {
  const source = random(3, 'factor');
  const stride = padded(SIZE);
  const memory = new VectorMemory(stride * stride + SupportFactor.room(stride), stride);
  const matrix = memory.take(stride * stride);
  const x = Array.from({ length: SIZE }, () => Array.from({ length: columns }, () => source.uniform() - 0.5));
  // The last column is twice the first.
  x[SIZE - 1] = x[0].map((v) => 2 * v);
  for (let r = 0; r < SIZE; r++) {
    for (let c = 0; c < SIZE; c++) {
      memory.values[matrix + r * stride + c] = x[r].reduce((sum, v, i) => sum + v * x[c][i], 0);
    }
  }
  const at = (r: number, c: number) => memory.values[matrix + r * stride + c];
  return { factor: new SupportFactor(memory, matrix, stride), at, stride, source };
}

describe('SupportFactor', () => {
  it('solves in single precision to within its rounding', () => {
    const { factor: exact, at, stride, source } = factorOf(200);
    const memory = new VectorMemory(stride * stride + SupportFactor.room(stride, 'single'), stride);
    const matrix = memory.take(stride * stride, 'single');
    for (let r = 0; r < SIZE; r++) {
      for (let c = 0; c < SIZE; c++) memory.elements('single')[2 * matrix + r * stride + c] = at(r, c);
    }
    const factor = new SupportFactor(memory, matrix, stride, 'single');
    const onDiagonal = new Float64Array(stride).fill(0.01);
    for (const f of [factor, exact])
      f.append(
        Int32Array.from({ length: SIZE - 5 }, (_, j) => j),
        onDiagonal,
      );
    for (const f of [factor, exact]) f.remove(17);
    const wanted = Float64Array.from({ length: factor.count }, () => source.uniform() - 0.5);
    const solved = wanted.slice();
    factor.solve(solved);
    exact.solve(wanted);
    solved.forEach((v, k) => {
      expect(Math.abs(v - wanted[k])).toBeLessThan(1e-4);
    });
  });

  it('solves for its support, however that came about', () => {
    const { factor, at, stride, source } = factorOf(200);
    const onDiagonal = new Float64Array(stride).fill(0.01);
    factor.append(
      Int32Array.from({ length: SIZE - 10 }, (_, j) => j),
      onDiagonal,
    );
    for (let round = 0; round < 12; round++) {
      const { count } = factor;
      const variables = factor.variables.slice(0, count);
      const wanted = Float64Array.from(variables, () => source.uniform() - 0.5);
      const y = Float64Array.from(variables, (r, i) =>
        variables.reduce((sum, c, k) => sum + at(r, c) * wanted[k], 0.01 * wanted[i]),
      );
      factor.solve(y);
      y.forEach((v, k) => {
        expect(Math.abs(v - wanted[k])).toBeLessThan(1e-11);
      });
      const gone = [0, source.integer(count), count - 1].map((r) => variables[r]);
      for (const j of new Set(gone)) factor.remove(j);
      factor.append([...new Set(gone)].slice(0, 2), onDiagonal);
    }
  });

  it('leaves out what is a combination of others', () => {
    const { factor, stride } = factorOf(200);
    factor.append([4, 0, SIZE - 1, 7], new Float64Array(stride));
    expect([...factor.variables.slice(0, factor.count)]).toEqual([4, 0, 7]);
    expect(factor.position[SIZE - 1]).toBe(-1);
  });
});
