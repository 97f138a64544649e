import { Failure } from '../failure.ts';
import { quantiles } from '../statistics/quantiles.ts';

/**
 * Where the knots of a restricted cubic spline stand: quantiles from 0.10 to 0.90 for three knots, from 0.05 to 0.95
 * for four to six, from 0.025 to 0.975 for seven; with fewer than 100 values the outer ones at the fifth least and the
 * fifth greatest. Fewer come back where values are tied.
 *
 * Reference: Harrell 2015, table 2.3; R package Hmisc, `rcspline.eval`.
 *
 * @throws Failure ARGUMENT_INVALID unless `count` is 3 to 7; NO_OBSERVATIONS for fewer than ten values.
 */
export function splineKnots(values: Float64Array, count: number): number[] {
  if (!(Number.isInteger(count) && count >= 3 && count <= 7)) {
    const message = `knots is ${count}, not a whole number from 3 to 7.`;
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'knots', value: String(count) });
  }
  if (values.length < 10) {
    const message = `A spline of ${values.length} values has no knots; it needs ten.`;
    throw new Failure('NO_OBSERVATIONS', message, { values: values.length });
  }
  const outer = count === 3 ? 0.1 : count < 7 ? 0.05 : 0.025;
  const shares = Array.from({ length: count }, (_, k) => outer + ((1 - 2 * outer) * k) / (count - 1));
  const knots = quantiles(values, shares);
  if (values.length < 100) {
    const sorted = values.slice().sort();
    knots[0] = sorted[4];
    knots[count - 1] = sorted[sorted.length - 5];
  }
  return [...new Set(knots.sort())];
}

/**
 * The columns of a restricted cubic spline: x itself, and for each knot but the last two a piecewise cubic function that
 * is linear beyond the outer knots, divided by the square of their distance. With fewer than three knots, x alone.
 *
 * Reference: Harrell 2015, §2.4.5.
 */
export function splineColumns(x: Float64Array, knots: readonly number[]): Float64Array[] {
  const k = knots.length;
  if (k < 3) return [x];
  const [first, last, beforeLast] = [knots[0], knots[k - 1], knots[k - 2]];
  const scale = (last - first) ** 2;
  const cube = (value: number) => (value > 0 ? value ** 3 : 0);
  const columns = knots
    .slice(0, k - 2)
    .map((knot) =>
      x.map(
        (value) =>
          (cube(value - knot) +
            ((beforeLast - knot) * cube(value - last) - (last - knot) * cube(value - beforeLast)) /
              (last - beforeLast)) /
          scale,
      ),
    );
  return [x, ...columns];
}
