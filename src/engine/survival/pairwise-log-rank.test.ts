import { expect, it } from 'vitest';
import { logRank } from './log-rank.ts';
import { pairwiseLogRank } from './pairwise-log-rank.ts';

const data = {
  time: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
  event: Uint8Array.of(1, 1, 1, 0, 1, 1, 0, 1, 1, 1),
};

it('equals the test of the rows of the two groups alone', () => {
  const group = Int32Array.of(1, 2, 3, 1, 2, 3, 1, 2, 3, 1);
  const [first] = pairwiseLogRank(data, group);
  const rows = [0, 1, 3, 4, 6, 7, 9];
  const alone = logRank(
    {
      time: Float64Array.from(rows, (r) => data.time[r]),
      event: Uint8Array.from(rows, (r) => data.event[r]),
    },
    Int32Array.from(rows, (r) => group[r]),
  );
  expect(first).toMatchObject({ first: 1, second: 2, p: alone.p });
  expect(first.test).toEqual(alone);
});

it('leaves out of the adjustment what cannot be compared', () => {
  const group = Int32Array.of(1, 2, 1, 5, 2, 1, 2, 1, 2, 1);
  const early = { ...data, time: data.time.map((t, i) => (group[i] === 5 ? 0.5 : t)) };
  const pairs = pairwiseLogRank(early, group, { adjustment: 'bonferroni' });
  expect(pairs.map(({ first, second, p }) => [first, second, p === null])).toEqual([
    [1, 2, false],
    [1, 5, true],
    [2, 5, true],
  ]);
  expect(pairs[0].adjustedP).toBe(pairs[0].p);
  expect(pairs[1]).toMatchObject({ p: null, adjustedP: null, test: { df: 0 } });
});

it('has no pair of one group', () => {
  expect(pairwiseLogRank(data, new Int32Array(10))).toEqual([]);
});
