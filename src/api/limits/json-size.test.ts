import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Limits } from '../../limits.ts';
import { checkJsonSize } from './json-size.ts';

const check = (json: string, values: number) => checkJsonSize(Buffer.from(json), { values } as Limits);

/** A container counts, and each of its elements or members but the first. */
function countOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value);
  return 1 + Math.max(0, inner.length - 1) + inner.reduce<number>((sum, each) => sum + countOf(each), 0);
}

describe('the size of JSON', () => {
  test('is what it holds, whatever its texts are', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2), (value, space) => {
        const json = JSON.stringify(value, null, space);
        const count = 1 + countOf(value);
        check(json, count);
        if (count > 1) expect(() => check(json, count - 1)).toThrow('values');
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test('is not misled by quotes and backslashes', () => {
    for (const text of ['"', '\\', '\\"', '\\\\"', '"]},[{', '\\'.repeat(7)])
      check(JSON.stringify([text]), 2);
  });

  test('holds five thousand names, however often each', () => {
    const of = (names: number) =>
      JSON.stringify(Array.from({ length: 6000 }, (_, n) => ({ [`name${n % names}`]: 1 })));
    check(of(5000), 100_000);
    expect(() => check(of(5001), 100_000)).toThrow('names');
  });

  test('is 64 deep at most, objects and lists alike', () => {
    check('[{'.repeat(32), 100);
    expect(() => check(`${'[{'.repeat(32)}[`, 100)).toThrow('nested 65 deep');
    check('[]'.repeat(1000), 2000);
  });
});
