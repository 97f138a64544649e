/** 2^(i/64), and 2^(k − 1022) at k. */
const FRACTIONS = Float64Array.from({ length: 64 }, (_, i) => 2 ** (i / 64));
const POWERS = Float64Array.from({ length: 2048 }, (_, k) => 2 ** (k - 1022));
/** Adding and subtracting it rounds to the nearest whole number. */
const ROUND = 1.5 * 2 ** 52;

/**
 * e^x to 2⁻⁵² relative, within a unit of the last place of `Math.exp`, but as code that the compiler can put into a loop in
 * place of a call.
 *
 * x = m log 2 / 64 + r with a whole m and |r| ≤ log 2 / 128, where five terms of the series are enough. log 2 is
 * subtracted in two parts, the first of which has few enough digits for its products to be exact.
 *
 * Reference: P. T. P. Tang, Table-driven implementation of the exponential function, ACM TOMS 15 (1989).
 */
export function exponential(x: number): number {
  if (!(x > -700 && x < 700)) return Math.exp(x);
  const whole = x * (64 * Math.LOG2E) + ROUND - ROUND;
  const m = whole | 0;
  const r = x - whole * (0.6931471803691238 / 64) - whole * (1.9082149292705877e-10 / 64);
  const s = r * r;
  const series = r + s * (0.5 + r * (1 / 6) + s * (1 / 24 + r * (1 / 120)));
  const fraction = FRACTIONS[m & 63];
  return (fraction + fraction * series) * POWERS[((m >> 6) + 1022) & 2047];
}
