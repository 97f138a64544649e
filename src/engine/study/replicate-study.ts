import { Failure } from '../failure.ts';
import { random } from '../statistics/index.ts';
import { concordance } from '../survival/index.ts';
import { AttritionLog } from './attrition.ts';
import { OptimismEstimate, type ResampledConcordance } from './optimism.ts';
import { outcomeOf } from './outcome-rows.ts';
import type { OutcomeColumn, StudyData } from './study-data.ts';
import type { StudyEvent } from './study-event.ts';
import { planStudy, type StudyPlan } from './study-plan.ts';
import type { StudyResult } from './study-result.ts';
import type { StudySpecification } from './study-specification.ts';
import { type TrainedModel, type TrainingContext, trainModel } from './train-model.ts';

/** What repeating the whole selection in one bootstrap resample gave, model by model; plain JSON. */
export interface StudyReplicate {
  readonly endpoint: string;
  readonly model: string;
  /** Null where no model came about. */
  readonly concordance: ResampledConcordance | null;
}

/**
 * Resamples the training patients and repeats the whole selection on them, from the univariate models to the last
 * elimination; each model is then judged on the training patients whom the resample left out. The readers' agreement is
 * not resampled: it is measured on patients read twice, and knows no outcome. A function of its arguments alone, so that
 * resamples can be shared among threads.
 *
 * @param replicate from 0 on.
 */
export function replicateStudy(
  data: StudyData,
  specification: StudySpecification,
  replicate: number,
  plan: StudyPlan = planStudy(data, specification),
): StudyReplicate[] {
  const drawn = random(specification.seed, 'pipeline', replicate).resample(plan.training.length);
  const rows = Int32Array.from(drawn, (place) => plan.training[place]);
  const inside = new Set(rows);
  const leftOut = plan.training.filter((row) => !inside.has(row));
  return plan.outcomes.flatMap((outcome) => {
    const context: TrainingContext = {
      data,
      specification: {
        ...specification,
        // Folds that were given belong to the patients as they are; a resample has its own.
        folds: specification.folds.kind === 'SEEDED' ? specification.folds : { kind: 'SEEDED', count: 10 },
      },
      outcome,
      features: plan.features,
      rows: rows.filter((row) => !Number.isNaN(outcome.time[row])),
      label: [outcome.name, replicate],
      radscores: new Map(),
    };
    return plan.models.map((model) => ({
      endpoint: outcome.name,
      model: model.name,
      concordance: judge(context, model, leftOut),
    }));
  });
}

function judge(
  context: TrainingContext,
  model: StudyPlan['models'][number],
  leftOut: Int32Array,
): ResampledConcordance | null {
  let trained: TrainedModel;
  try {
    const steps = trainModel(context, model, new AttritionLog({ endpoint: null, model: null }));
    let step = steps.next();
    while (!step.done) step = steps.next();
    trained = step.value;
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
  const training = concordanceOf(context.outcome, trained.rows, trained.score);
  const test = concordanceOf(context.outcome, leftOut, trained.score);
  return training === null || test === null ? null : { training, test };
}

function concordanceOf(outcome: OutcomeColumn, rows: Int32Array, score: Float64Array): number | null {
  const known = rows.filter((row) => !Number.isNaN(outcome.time[row]) && !Number.isNaN(score[row]));
  if (known.length === 0) return null;
  return concordance(
    outcomeOf(outcome, known),
    Float64Array.from(known, (row) => score[row]),
  ).concordance;
}

/** Adds the resamples of {@link replicateStudy}, which must come in their order, to the result of a study. */
export class StudyOptimism {
  readonly #result: StudyResult;
  readonly #estimates = new Map<string, OptimismEstimate>();

  constructor(specification: StudySpecification, result: StudyResult) {
    this.#result = result;
    for (const { endpoint, models } of result.endpoints) {
      for (const { name, result: model } of models) {
        const apparent = model?.concordance.find(({ subset }) => subset === 'TRAINING')?.estimate;
        if (typeof apparent !== 'number') continue;
        const scope = { endpoint, model: name };
        const estimate = new OptimismEstimate(scope, 'PLUS_632', apparent, specification.pipelineReplicates);
        this.#estimates.set(keyOf(endpoint, name), estimate);
      }
    }
  }

  add(replicate: readonly StudyReplicate[]): StudyEvent[] {
    return replicate.flatMap(
      ({ endpoint, model, concordance }) =>
        this.#estimates.get(keyOf(endpoint, model))?.add(concordance) ?? [],
    );
  }

  /** The result with the correction of every model; only after the last resample. */
  finish(): StudyResult {
    return {
      ...this.#result,
      endpoints: this.#result.endpoints.map((endpoint) => ({
        ...endpoint,
        models: endpoint.models.map((model) => {
          const estimate = this.#estimates.get(keyOf(endpoint.endpoint, model.name));
          if (!estimate || !model.result) return model;
          return { ...model, result: { ...model.result, pipelineOptimism: estimate.result() } };
        }),
      })),
    };
  }
}

function keyOf(endpoint: string, model: string): string {
  return JSON.stringify([endpoint, model]);
}
