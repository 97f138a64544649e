import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../statistics/random.ts';
import { padded, VectorMemory } from './vector-memory.ts';

const number = fc.double({ min: -1e3, max: 1e3, noNaN: true });

describe('VectorMemory', () => {
  it('multiplies and combines columns of any length and number as plain loops do', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }).chain((rows) =>
          fc.record({
            vector: fc.array(number, { minLength: rows, maxLength: rows }),
            columns: fc.array(fc.array(number, { minLength: rows, maxLength: rows }), {
              minLength: 1,
              maxLength: 9,
            }),
          }),
        ),
        ({ vector, columns }) => {
          const rows = vector.length;
          const memory = new VectorMemory(16 * 48, columns.length);
          const at = memory.take(rows);
          const base = memory.take(rows);
          const stride = 48;
          for (let j = 1; j < columns.length; j++) memory.take(stride);
          memory.view(at, rows).set(vector);
          columns.forEach((column, j) => {
            memory.view(base + j * stride, rows).set(column);
          });
          const index = columns.map((_, j) => columns.length - 1 - j);
          const products = memory.products(at, base, stride, index, columns.length, rows);
          const wanted = index.map((j) => vector.reduce((sum, v, i) => sum + v * columns[j][i], 0));
          wanted.forEach((want, k) => {
            expect(Math.abs(products[k] - want)).toBeLessThan(1e-7);
          });
          const factors = index.map((j) => j - 1.5);
          memory.combine(at, base, stride, index, factors, columns.length, rows);
          const combined = vector.map((v, i) =>
            index.reduce((sum, j, k) => sum + factors[k] * columns[j][i], v),
          );
          combined.forEach((want, i) => {
            expect(Math.abs(memory.values[at + i] - want)).toBeLessThan(1e-9);
          });
        },
      ),
      { numRuns: 60, seed: 5 },
    );
  });

  it.each(['single', 'double'] as const)(
    'multiplies several vectors at once, in %s precision',
    (precision) => {
      const source = random(1, 'vectors');
      const length = 37;
      const stride = padded(length, precision);
      const memory = new VectorMemory(20 * stride + 200, 10);
      const vectors = Array.from({ length: 10 }, () => Float64Array.from({ length }, () => source.normal()));
      const base = memory.take(10 * stride);
      vectors.forEach((vector, k) => {
        memory.put(vector, base + k * stride, precision);
      });
      const into = memory.take(64);
      const index = [9, 0, 4, 2, 7];
      memory.addAllProducts(
        { first: base + stride, apart: stride, count: 3 },
        base,
        stride,
        index,
        length,
        into,
        24,
        precision,
      );
      for (let k = 0; k < 3; k++) {
        index.forEach((j, i) => {
          const wanted = vectors[k + 1].reduce((sum, v, row) => sum + v * vectors[j][row], 0);
          const product = memory.values[into + 24 * (k >> 1) + 2 * i + (k & 1)];
          expect(Math.abs(product - wanted)).toBeLessThan(precision === 'single' ? 1e-4 : 1e-12);
        });
      }
      const read = new Float64Array(length);
      memory.read(base + 3 * stride, read, precision);
      expect(read).toEqual(precision === 'single' ? vectors[3].map(Math.fround) : vectors[3]);
      memory.combine(base, base, stride, [1, 2], [0.5, -2], 2, length, precision);
      memory.read(base, read, precision);
      read.forEach((v, row) => {
        const wanted = vectors[0][row] + 0.5 * vectors[1][row] - 2 * vectors[2][row];
        expect(Math.abs(v - wanted)).toBeLessThan(precision === 'single' ? 1e-5 : 1e-14);
      });
    },
  );

  it('refuses what exceeds four gigabytes', () => {
    expect(() => new VectorMemory(2 ** 29, 8)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }));
    expect(() => new VectorMemory(2 ** 60, 8)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }));
  });
});
