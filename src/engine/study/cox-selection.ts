import { Failure } from '../failure.ts';
import { type CoxFit, fitCox, type SurvivalData, stepwiseCox } from '../survival/index.ts';
import type { AttritionLog } from './attrition.ts';
import { coefficientsOf } from './coefficients.ts';
import { type CovariateColumn, designMatrix } from './cohort-table.ts';
import { termsOf } from './model-terms.ts';
import type { Coefficient } from './prognosis-event.ts';
import type { StageBegan, StageEnded } from './study-event.ts';

/** The covariates that stay in a Cox model, its fit, and what led there. */
export interface CoxSelection {
  readonly columns: readonly CovariateColumn[];
  readonly fit: CoxFit;
  readonly univariate: readonly Coefficient[];
  /** Null where a single candidate was left nothing to be compared with. */
  readonly beforeElimination: readonly Coefficient[] | null;
}

/**
 * The paper's clinical selection: each candidate by itself, those with a Wald p below the threshold together, and
 * backward elimination by the AIC. The radscore, where there is one, always enters the elimination.
 *
 * @param rows the training rows, which may repeat.
 * @throws Failure SELECTION_EMPTY where no candidate stays; failures of `fitCox`.
 */
export function* selectCoxTerms(
  data: SurvivalData,
  candidates: readonly CovariateColumn[],
  rows: Int32Array,
  threshold: number,
  radscore: CovariateColumn | null,
  log: AttritionLog,
): Generator<StageBegan | StageEnded, CoxSelection, void> {
  yield log.begin('CLINICAL_UNIVARIATE', candidates.length);
  const univariate: Coefficient[] = radscore ? [...fitAlone(data, radscore, rows).coefficients] : [];
  const significant: CovariateColumn[] = radscore ? [radscore] : [];
  let notEstimable = 0;
  for (const column of candidates) {
    const { coefficients, p } = fitAlone(data, column, rows);
    univariate.push(...coefficients);
    if (p === null) notEstimable++;
    else if (p < threshold || threshold === 1) significant.push(column);
  }
  const kept = significant.filter((column) => column !== radscore).map(({ name }) => name);
  yield log.end('CLINICAL_UNIVARIATE', candidates.length, kept, {
    NOT_SIGNIFICANT: candidates.length - kept.length - notEstimable,
    NOT_ESTIMABLE: notEstimable,
  });
  if (significant.length === 0) {
    throw new Failure(
      'SELECTION_EMPTY',
      `none of ${candidates.length} clinical covariates is significant alone`,
      {
        stage: 'CLINICAL_UNIVARIATE',
        candidates: candidates.length,
      },
    );
  }
  yield log.begin('STEPWISE', significant.length);
  const design = designMatrix(significant, rows);
  const { terms, model } = stepwiseCox(data, design, { terms: termsOf(significant) });
  const columns = significant.filter(({ name }) => terms.includes(name));
  yield log.end('STEPWISE', significant.length, terms, { ELIMINATED: significant.length - terms.length });
  if (columns.length === 0) {
    throw new Failure(
      'SELECTION_EMPTY',
      `backward elimination left none of ${significant.length} covariates`,
      {
        stage: 'STEPWISE',
        candidates: significant.length,
      },
    );
  }
  const beforeElimination = significant.length > 1 ? coefficientsOf(fitCox(data, design)) : null;
  return { columns, fit: model, univariate, beforeElimination };
}

/** A covariate's own model; p, of all its columns together, is null where it cannot be estimated. */
function fitAlone(
  data: SurvivalData,
  column: CovariateColumn,
  rows: Int32Array,
): { coefficients: readonly Coefficient[]; p: number | null } {
  const fit = fitCox(data, designMatrix([column], rows));
  const isEstimable = fit.wald.df > 0 && fit.infinite.length === 0;
  return { coefficients: coefficientsOf(fit), p: isEstimable ? fit.wald.p : null };
}
