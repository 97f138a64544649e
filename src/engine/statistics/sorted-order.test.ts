import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seeded } from '../../../test/support/survival-arbitrary.ts';
import { sortedOrder } from './sorted-order.ts';

it('is the stable ascending order of any finite doubles', () => {
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -3, max: 3 }),
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 300 }), (values) => {
      const expected = values.map((_, i) => i).sort((a, b) => values[a] - values[b] || a - b);
      expect([...sortedOrder(Float64Array.from(values))]).toEqual(expected);
    }),
    seeded,
  );
});

it('keeps the given order among ties and leaves out what is not listed', () => {
  expect([...sortedOrder(Float64Array.of(2, 1, 2, 1, 0), Int32Array.of(3, 2, 1, 0))]).toEqual([3, 1, 2, 0]);
});

it('tells values apart that share the upper half of their bits', () => {
  for (const step of [2 ** -50, 2 ** -30, 1]) {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 129, maxLength: 300 }),
        (steps) => {
          const values = steps.map((k) => (k % 2 === 0 ? 1 : -1) * (1 + Math.abs(k) * step));
          const expected = values.map((_, i) => i).sort((a, b) => values[a] - values[b] || a - b);
          expect([...sortedOrder(Float64Array.from(values))]).toEqual(expected);
        },
      ),
      seeded,
    );
  }
});
