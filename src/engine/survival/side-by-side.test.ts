import { describe, expect, it } from 'vitest';
import { ColumnRequest } from './column-request.ts';
import { PenalisedDesign } from './penalised-design.ts';
import { type Job, runSideBySide } from './side-by-side.ts';

const ROWS = 800;
const columns = Array.from({ length: 700 }, (_, j) =>
  Float64Array.from({ length: ROWS }, (_, i) => (i * (j + 3)) % 11),
);
const data = { time: new Float64Array(ROWS).fill(1), event: new Uint8Array(ROWS).fill(1) };
const design = new PenalisedDesign(data, { names: [], columns }, true, 2);

/** Yields its name and a number so many times, with a request before each. */
function* counting(name: string, times: number): Job<string, string> {
  for (let step = 0; step < times; step++) {
    const products = new Float64Array(1);
    const vector = new Float64Array(ROWS);
    yield new ColumnRequest(false, 'double', vector, null, [step], 1, products);
    yield `${name}${step}`;
  }
  return name;
}

describe('runSideBySide', () => {
  it('yields what jobs yield in their order, and returns what they return', () => {
    expect(design.sideBySide).toBe(2);
    const steps = runSideBySide(design, [
      counting('a', 3),
      counting('b', 1),
      counting('c', 2),
      counting('d', 0),
    ]);
    const yielded: string[] = [];
    let next = steps.next();
    for (; !next.done; next = steps.next()) yielded.push(next.value);
    expect(yielded).toEqual(['a0', 'a1', 'a2', 'b0', 'c0', 'c1']);
    expect(next.value).toEqual(['a', 'b', 'c', 'd']);
  });
});
