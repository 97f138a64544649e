import { expect, it } from 'vitest';
import { RankRoom } from './rank-kernel.ts';

/** A rank of 0 to 2 in each of `length` places. */
function ranksOf(length: number): Uint16Array {
  return Uint16Array.from({ length }, (_, n) => ((n * n * 7 + n) >> 2) % 3);
}

it.each([
  [100, 30, 70],
  [100, 30, 31],
  // Across the places that are counted at a time, which end between two vectors.
  [20_000, 45, 19_950],
])('counts the equal ranks on both sides: %i places, %i to %i', (length, from, to) => {
  const ranks = ranksOf(length);
  const steps = Int32Array.of(1, 5, 29);
  const room = new RankRoom(ranks);
  room.countEqual(from, to, steps);
  const expected = Array.from({ length: to - from }, (_, n) => {
    const place = from + n;
    return [...steps].reduce(
      (count, step) =>
        count + Number(ranks[place] === ranks[place + step]) + Number(ranks[place] === ranks[place - step]),
      0,
    );
  });
  expect([...room.numbers.subarray(from, to)]).toEqual(expected);
});
