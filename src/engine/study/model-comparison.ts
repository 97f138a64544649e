import { unlessUnestimable } from '../survival/bootstrap.ts';
import { bootstrapConcordanceDifference, compareConcordance } from '../survival/index.ts';
import { outcomeOf } from './outcome-rows.ts';
import type { Subset } from './prognosis-event.ts';
import type { OutcomeColumn } from './study-data.ts';
import type { ModelComparison } from './study-result.ts';
import type { TrainedModel } from './train-model.ts';

/**
 * Compares two models' C-indices on the patients of a subset whom both can predict: the difference, its standard error
 * and p by the paired infinitesimal jackknife, and percentile limits by resampling patients, the models held fixed.
 * Null where either C is undefined.
 *
 * @param replicates 0 for no limits.
 */
export function compareModels(
  outcome: OutcomeColumn,
  subset: Subset,
  rows: Int32Array,
  first: TrainedModel,
  second: TrainedModel,
  replicates: number,
  seed: number,
): ModelComparison | null {
  const shared = rows.filter(
    (row) =>
      !Number.isNaN(outcome.time[row]) && !Number.isNaN(first.score[row]) && !Number.isNaN(second.score[row]),
  );
  if (shared.length === 0) return null;
  const data = outcomeOf(outcome, shared);
  const a = Float64Array.from(shared, (row) => first.score[row]);
  const b = Float64Array.from(shared, (row) => second.score[row]);
  const { difference, standardError, p } = compareConcordance(data, a, b);
  if (difference === null || standardError === null) return null;
  const bootstrap =
    replicates > 0
      ? unlessUnestimable(() => bootstrapConcordanceDifference(data, a, b, { resamples: replicates, seed }))
      : null;
  return {
    subset,
    first: first.plan.name,
    second: second.plan.name,
    patients: shared.length,
    difference,
    standardError,
    // Without any spread the scores rank alike: there is no difference to test.
    p: p !== null && Number.isFinite(p) ? p : 1,
    lower: bootstrap?.difference.lower ?? null,
    upper: bootstrap?.difference.upper ?? null,
  };
}
