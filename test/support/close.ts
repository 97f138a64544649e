import { expect } from 'vitest';

/** Expects a value within a relative tolerance of another (and the same infinity or zero for one). */
export function expectClose(value: number | null, expected: number, relative: number): void {
  if (value === expected) return;
  const difference = value === null ? Infinity : Math.abs(value - expected) / Math.abs(expected);
  expect(difference, `${value} against ${expected}`).toBeLessThanOrEqual(relative);
}
