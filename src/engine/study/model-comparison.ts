import { quantiles, random } from '../statistics/index.ts';
import { compareConcordance, concordance, type SurvivalData } from '../survival/index.ts';
import type { Subset } from './prognosis-event.ts';
import type { OutcomeColumn } from './study-data.ts';
import type { ModelComparison } from './study-result.ts';
import { outcomeOf, type TrainedModel } from './train-model.ts';

/** Below this number of resamples with a C the limits would say nothing. */
const fewestResamples = 40;

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
  const limits = resampledLimits(data, a, b, replicates, seed);
  return {
    subset,
    first: first.plan.name,
    second: second.plan.name,
    patients: shared.length,
    difference,
    standardError,
    // Without any spread the scores rank alike: there is no difference to test.
    p: p !== null && Number.isFinite(p) ? p : 1,
    lower: limits?.[0] ?? null,
    upper: limits?.[1] ?? null,
  };
}

function resampledLimits(
  data: SurvivalData,
  a: Float64Array,
  b: Float64Array,
  replicates: number,
  seed: number,
): readonly [number, number] | null {
  const differences: number[] = [];
  for (let replicate = 0; replicate < replicates; replicate++) {
    const rows = random(seed, 'comparison', replicate).resample(a.length);
    const resample = {
      time: Float64Array.from(rows, (row) => data.time[row]),
      event: Uint8Array.from(rows, (row) => data.event[row]),
    };
    const of = (score: Float64Array) =>
      concordance(
        resample,
        Float64Array.from(rows, (row) => score[row]),
      ).concordance;
    const [first, second] = [of(a), of(b)];
    if (first !== null && second !== null) differences.push(second - first);
  }
  if (differences.length < fewestResamples) return null;
  const [lower, upper] = quantiles(differences, [0.025, 0.975]);
  return [lower, upper];
}
