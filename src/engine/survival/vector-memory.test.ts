import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VectorMemory } from './vector-memory.ts';

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

  it('refuses what exceeds four gigabytes', () => {
    expect(() => new VectorMemory(2 ** 29, 8)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }));
    expect(() => new VectorMemory(2 ** 60, 8)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }));
  });
});
