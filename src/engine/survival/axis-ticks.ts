import { Failure } from '../failure.ts';

/**
 * About `count` round values that cover [least, most]: multiples of 1, 2 or 5 times a power of ten, from the last at
 * or below `least` to the first at or above `most`, as R's `pretty`. A range of no width gets a few values around it.
 *
 * Reference: Becker, Chambers & Wilks 1988, The New S Language; R, `pretty`.
 *
 * @throws Failure ARGUMENT_INVALID unless least ≤ most, both finite and no further apart than the largest number.
 */
export function axisTicks(least: number, most: number, count = 10): number[] {
  const width = most - least;
  if (!(width >= 0 && width < Infinity)) {
    const message = `An axis from ${least} to ${most} has no finite width ≥ 0.`;
    throw new Failure('ARGUMENT_INVALID', message, { least: String(least), most: String(most) });
  }
  const fewest = Math.floor(count / 3);
  const { digit, exponent } = unitOf(cellWidth(least, most, count, fewest));
  const unit = digit * 10 ** exponent;
  let first = Math.floor(least / unit + ROUNDING);
  let last = Math.ceil(most / unit - ROUNDING);
  while (first * unit > least + ROUNDING * unit) first--;
  while (last * unit < most - ROUNDING * unit) last++;
  const missing = fewest - (last - first);
  if (missing > 0) {
    const half = Math.floor(missing / 2);
    if (least === 0 && first === 0 && most !== 0) last += missing;
    else if (most === 0 && last === 0 && least !== 0) first -= missing;
    else if (first >= 0) {
      first -= missing - half;
      last += half;
    } else {
      first -= half;
      last += missing - half;
    }
  }
  return Array.from({ length: last - first + 1 }, (_, i) => multiple((first + i) * digit, exponent));
}

const ROUNDING = 1e-10;
/** How much R prefers the greater of two units. */
const BIAS = 1.5;

function cellWidth(least: number, most: number, count: number, fewest: number): number {
  const width = most - least;
  const size = Math.max(Math.abs(least), Math.abs(most));
  if (size === 0) return Math.max(1, fewest) === 1 ? 0.75 : 0.75 / fewest;
  const resolution = (1 + 1 / (1 + BIAS)) * count * Number.EPSILON;
  if (width >= 3 * size * resolution) return Math.max(width / count, 1e-300);
  const cell = 0.75 * (size > 10 ? 9 + size / 10 : size);
  return Math.max(fewest > 1 ? cell / fewest : cell, 1e-300);
}

/** 1, 2, 5 or 10 times the power of ten at or below the cell. */
function unitOf(cell: number): { digit: number; exponent: number } {
  const exponent = Math.floor(Math.log10(cell));
  const share = cell / 10 ** exponent;
  const fiveBias = 0.5 + 1.5 * BIAS;
  let digit = 1;
  if (2 - share < BIAS * (share - 1)) {
    digit = 2;
    if (5 - share < fiveBias * (share - 2)) {
      digit = 5;
      if (10 - share < BIAS * (share - 5)) digit = 10;
    }
  }
  return { digit, exponent };
}

/** whole · 10^exponent, rounded once: a tick at 0.3 is the number that 0.3 reads as. */
function multiple(whole: number, exponent: number): number {
  return exponent < 0 && exponent >= -22 ? whole / 10 ** -exponent : whole * 10 ** exponent;
}
