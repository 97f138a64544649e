import { Failure } from '../failure.ts';
import { crossValidateSteps, type SurvivalData } from '../survival/index.ts';
import type { AttritionLog } from './attrition.ts';
import type { FeatureColumn, StandardFeature } from './feature-columns.ts';
import type {
  CrossValidated,
  FoldCompleted,
  PenaltySolved,
  StageBegan,
  StageEnded,
  StudyScope,
} from './study-event.ts';
import type { Radscore, RadscoreFeature } from './study-result.ts';

/**
 * Fits the LASSO-Cox path to the standardised features, chooses λ by cross-validated partial-likelihood deviance, and
 * makes the coefficients at it the radscore's weights.
 *
 * Citation: R. Tibshirani, Stat. Med. 16 (1997) 385; N. Simon et al., J. Stat. Softw. 39 (2011) 5.
 *
 * @param folds the fold of each row of the data.
 * @throws Failure SELECTION_EMPTY where every coefficient is 0 at the chosen λ; failures of `crossValidate`.
 */
export function* buildRadscore(
  data: SurvivalData,
  features: readonly StandardFeature[],
  folds: Int32Array,
  choice: 'MIN' | 'ONE_SE',
  scope: StudyScope,
  log: AttritionLog,
): Generator<StageBegan | PenaltySolved | FoldCompleted | CrossValidated | StageEnded, Radscore, void> {
  yield log.begin('LASSO', features.length);
  const names = features.map(({ name }) => name);
  const steps = crossValidateSteps(data, { names, columns: features.map(({ values }) => values) }, folds);
  const foldCount = new Set(folds).size;
  let index = 0;
  let fold: number | null = null;
  let foldsDone = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) {
    const { fold: current, point } = step.value;
    if (current === null) {
      const { lambda, explained } = point;
      yield {
        type: 'PenaltySolved',
        ...scope,
        index: index++,
        lambda,
        explained,
        nonZero: point.index.length,
      };
    } else if (current !== fold) {
      if (fold !== null) yield { type: 'FoldCompleted', ...scope, fold: ++foldsDone, folds: foldCount };
      fold = current;
    }
  }
  yield { type: 'FoldCompleted', ...scope, fold: foldCount, folds: foldCount };
  const { path, mean, standardError, best, oneStandardError } = step.value;
  const crossValidation = {
    lambda: path.points.map(({ lambda }) => lambda),
    mean: [...mean],
    standardError: [...standardError],
    nonZero: path.points.map((point) => point.index.length),
    best,
    oneStandardError,
    chosen: choice === 'MIN' ? best : oneStandardError,
  };
  yield { type: 'CrossValidated', ...scope, ...crossValidation };
  const chosen = path.points[crossValidation.chosen];
  const weights = Array.from(chosen.index, (j, k): RadscoreFeature => {
    const { name, mean, standardDeviation } = features[j];
    return { name, mean, standardDeviation, coefficient: chosen.value[k] };
  });
  const kept = weights.map(({ name }) => name);
  yield log.end('LASSO', names.length, kept, { ZERO_COEFFICIENT: names.length - kept.length });
  if (weights.length === 0) {
    throw new Failure(
      'SELECTION_EMPTY',
      `none of ${names.length} features has a coefficient at the chosen λ`,
      {
        stage: 'LASSO',
        candidates: names.length,
      },
    );
  }
  return {
    features: weights,
    lambda: chosen.lambda,
    crossValidation,
    path: coefficientPaths(names, path.points),
  };
}

function coefficientPaths(
  names: readonly string[],
  points: readonly { readonly index: Int32Array; readonly value: Float64Array }[],
): Radscore['path'] {
  const paths = new Map<number, number[]>();
  points.forEach(({ index, value }, place) => {
    index.forEach((j, k) => {
      const path = paths.get(j) ?? new Array<number>(points.length).fill(0);
      path[place] = value[k];
      paths.set(j, path);
    });
  });
  return Array.from(paths, ([j, coefficients]) => ({ name: names[j], coefficients }));
}

/** The radscore of every patient; NaN for one who lacks any of its features. */
export function radscoreOf(
  features: readonly RadscoreFeature[],
  columns: ReadonlyMap<string, FeatureColumn['values']>,
  patients: number,
): Float64Array {
  const score = new Float64Array(patients);
  for (const { name, mean, standardDeviation, coefficient } of features) {
    const values = columns.get(name);
    for (let row = 0; row < patients; row++) {
      score[row] += coefficient * (((values?.[row] ?? Number.NaN) - mean) / standardDeviation);
    }
  }
  return score;
}
