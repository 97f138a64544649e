import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withheldCells } from './withheld-cells.ts';

const hidden = (counts: readonly number[]) => [...withheldCells(counts, 5)].sort((a, b) => a - b);

describe('of a table that adds up', () => {
  test.each([
    ['no small number', [10, 0, 5], []],
    ['one, which the least of the others hides', [3, 10, 20], [0, 1]],
    ['one beside a zero, which hides nothing', [3, 0, 20], [0, 2]],
    ['two, which hide one another', [3, 4, 20], [0, 1]],
    ['two whose sum tells both', [1, 1, 20, 9], [0, 1, 3]],
    ['two whose sum is small itself', [1, 2, 20], [0, 1, 2]],
    ['a total that is small', [3, 0, 0], [0, 1, 2]],
    ['ones alone, of which there is no telling which is none', [1, 1, 1, 1, 1, 1, 0], [0, 1, 2, 3, 4, 5, 6]],
  ])('%s', (_what, counts, expected) => expect(hidden(counts)).toEqual(expected));

  test('nobody who knows the total, and what is shown, can tell a number that is withheld', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 5 }), (counts) => {
        const withheld = hidden(counts);
        if (withheld.length === 0) return counts.every((count) => count === 0 || count >= 5);
        const sum = withheld.reduce((all, place) => all + counts[place]!, 0);
        if (withheld.length === counts.length && sum < 5) return true; // The total is withheld as well.
        // All that the withheld numbers could be: zeros are shown, unless all else was withheld already.
        const least = withheld.some((place) => counts[place] === 0) ? 0 : 1;
        const possible = withheld.map(() => new Set<number>());
        const assign = (place: number, left: number, chosen: readonly number[]) => {
          if (place === withheld.length) {
            if (left === 0 && chosen.some((count) => count > 0 && count < 5))
              for (const [n, count] of chosen.entries()) possible[n]!.add(count);
            return;
          }
          for (let count = least; count <= left; count++) assign(place + 1, left - count, [...chosen, count]);
        };
        assign(0, sum, []);
        const isAllOnes = withheld.length === counts.length && sum === counts.length;
        return isAllOnes || possible.every((values) => values.size > 1);
      }),
      { seed: 7, numRuns: 2_000 },
    );
  });
});
