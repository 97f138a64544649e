import { Failure } from '../failure.ts';
import type { Warning } from '../warning.ts';
import type { Covariates } from './covariates.ts';
import {
  fitPenalisedCox,
  type PathPoint,
  type PenalisedOptions,
  type PenalisedPath,
} from './penalised-path.ts';
import type { SurvivalData } from './survival-data.ts';

export interface RelaxedPath {
  readonly path: PenalisedPath;
  /** By λ of the path: the fit without a penalty to the columns that have a coefficient there. */
  readonly refits: readonly PathPoint[];
  readonly warnings: readonly Warning[];
}

/**
 * Fits a path's supports without a penalty, as glmnet's `relax`. Where a support separates the deaths, its fit does not
 * exist: its violation, then in units of the largest gradient, and a warning NOT_CONVERGED say so.
 *
 * Reference: Meinshausen 2007; Hastie, Tibshirani & Tibshirani 2020.
 *
 * @param data, covariates, options those of the path.
 * @throws Failure of `fitPenalisedCox`.
 */
export function relaxPath(
  data: SurvivalData,
  covariates: Covariates,
  path: PenalisedPath,
  options: Pick<PenalisedOptions, 'offset' | 'tolerance'> = {},
): RelaxedPath {
  const steps = relaxPathSteps(data, covariates, path, options);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

/** {@link relaxPath} as a generator that yields each λ's fit. */
export function* relaxPathSteps(
  data: SurvivalData,
  covariates: Covariates,
  path: PenalisedPath,
  options: Pick<PenalisedOptions, 'offset' | 'tolerance'> = {},
): Generator<PathPoint, RelaxedPath, void> {
  const refits: PathPoint[] = [];
  for (const { lambda, index } of path.points) {
    const before = refits.at(-1);
    const isSame = before && path.points[refits.length - 1].index.join() === index.join();
    const refit = isSame
      ? { ...before, lambda }
      : { ...fitSupport(data, covariates, index, { ...options, ties: path.ties }), lambda };
    refits.push(refit);
    yield refit;
  }
  const worst = refits.reduce((most, { violation }) => Math.max(most, violation), 0);
  const message = `Some supports have no fit without a penalty: a condition is violated by up to ${worst}.`;
  return { path, refits, warnings: worst > 1e-7 ? [{ code: 'NOT_CONVERGED', message }] : [] };
}

/**
 * The mixture of a penalised point and its refit: γ times the one plus 1 − γ times the other.
 *
 * @throws Failure ARGUMENT_INVALID unless γ is from 0 to 1.
 */
export function blendPoint(
  penalised: PathPoint,
  refit: PathPoint,
  gamma: number,
): Pick<PathPoint, 'index' | 'value'> {
  if (!(gamma >= 0 && gamma <= 1)) {
    const message = `gamma is ${gamma}, not between 0 and 1.`;
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'gamma', value: String(gamma) });
  }
  const refitted = new Map(Array.from(refit.index, (j, m) => [j, refit.value[m]]));
  const value = Float64Array.from(
    penalised.value,
    (b, m) => gamma * b + (1 - gamma) * (refitted.get(penalised.index[m]) ?? 0),
  );
  return { index: penalised.index, value };
}

function fitSupport(
  data: SurvivalData,
  { names, columns }: Covariates,
  support: Int32Array,
  options: PenalisedOptions,
): PathPoint {
  const kept = {
    names: Array.from(support, (j) => names[j]),
    columns: Array.from(support, (j) => columns[j]),
  };
  const [point] = fitPenalisedCox(data, kept, { ...options, lambda: [0] }).points;
  return { ...point, index: point.index.map((m) => support[m]) };
}
