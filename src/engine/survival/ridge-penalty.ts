import { Failure } from '../failure.ts';
import type { Covariates, StandardColumn } from './covariates.ts';

/**
 * A ridge penalty: ½ Σ θ_j v_j β_j² is taken off the log-likelihood, v_j the covariate's variance (of the rows, divisor
 * n − 1, unweighted), so that the penalty does not depend on its unit; or 1 where `scaled` is false.
 */
export interface RidgePenalty {
  /** θ for every covariate, or one a covariate, 0 for those that go unpenalised. */
  readonly theta: number | ArrayLike<number>;
  /** Default true, as R's `ridge(scale = TRUE)`. */
  readonly scaled?: boolean;
}

/**
 * The penalty's second derivative by each coefficient of the standardised columns; 0 for a constant column.
 *
 * @throws Failure ARGUMENT_INVALID (a θ that is negative, not finite, or out of range for its covariate's unit),
 * LENGTH_MISMATCH.
 */
export function ridgeCurvature(
  { theta, scaled = true }: RidgePenalty,
  { names }: Covariates,
  columns: readonly StandardColumn[],
): Float64Array {
  if (typeof theta !== 'number' && theta.length !== columns.length) {
    const message = `theta has ${theta.length} values, but there are ${columns.length} covariates.`;
    throw new Failure('LENGTH_MISMATCH', message, {
      argument: 'theta',
      length: theta.length,
      expected: columns.length,
    });
  }
  const curvature = new Float64Array(columns.length);
  const check = (value: number, index: number, isValid: boolean) => {
    if (isValid) return;
    const message = `theta[${index}], for ${names[index] ?? 'no covariate'}, is ${value}, not a finite number ≥ 0 within range.`;
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'theta', index, value: String(value) });
  };
  if (typeof theta === 'number') check(theta, 0, theta >= 0 && theta < Infinity);
  columns.forEach(({ values, scale }, j) => {
    const own = typeof theta === 'number' ? theta : theta[j];
    check(own, j, own >= 0 && own < Infinity);
    curvature[j] = scaled ? own * variance(values) : own * scale * scale;
    check(own, j, curvature[j] < 1e200);
  });
  return curvature;
}

function variance(values: Float64Array): number {
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const difference = values[i] - mean;
    mean += difference / (i + 1);
    squares += difference * (values[i] - mean);
  }
  return values.length > 1 ? squares / (values.length - 1) : 0;
}
