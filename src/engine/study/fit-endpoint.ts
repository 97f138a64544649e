import { Failure } from '../failure.ts';
import { kaplanMeier, survivalQuantile } from '../survival/index.ts';
import type { Warning } from '../warning.ts';
import { AttritionLog } from './attrition.ts';
import { describeStudyModel } from './describe-study-model.ts';
import { reachableHorizons } from './horizons.ts';
import { compareModels } from './model-comparison.ts';
import { countEvents, outcomeOf } from './outcome-rows.ts';
import type { Subset } from './prognosis-event.ts';
import type { OutcomeColumn, StudyData } from './study-data.ts';
import type { StudyEvent } from './study-event.ts';
import type { ModelPlan } from './study-models.ts';
import type { StudyPlan } from './study-plan.ts';
import type { EndpointResult, EndpointSubset, ModelComparison, StudyModelOutcome } from './study-result.ts';
import type { StudySpecification } from './study-specification.ts';
import { type TrainedModel, type TrainingContext, trainModel } from './train-model.ts';

/**
 * Trains and describes every model of one endpoint, and compares them. A model that cannot be built becomes a failure
 * in the result; the others come all the same.
 */
export function* fitEndpoint(
  data: StudyData,
  specification: StudySpecification,
  plan: StudyPlan,
  outcome: OutcomeColumn,
): Generator<StudyEvent, { readonly endpoint: EndpointResult; readonly warnings: readonly Warning[] }, void> {
  const followed = (rows: Int32Array) => rows.filter((row) => !Number.isNaN(outcome.time[row]));
  const training = followed(plan.training);
  const validation = followed(plan.validation);
  const lastFollowUp = training.reduce((last, row) => Math.max(last, outcome.time[row]), 0);
  const { horizons, warnings } = reachableHorizons(
    specification.horizons,
    outcome.timeUnit,
    lastFollowUp,
    outcome.name,
  );
  for (const warning of warnings) yield { type: 'WarningRaised', ...warning, endpoint: outcome.name };
  const context: TrainingContext = {
    data,
    specification,
    outcome,
    features: plan.features,
    rows: training,
    label: [outcome.name],
    radscores: new Map(),
  };
  const models: StudyModelOutcome[] = [];
  const trained: TrainedModel[] = [];
  for (const model of plan.models) {
    const log = new AttritionLog({ endpoint: outcome.name, model: model.name });
    if (model.sources.length > 0) yield* sayAgreement(plan, model, log);
    const about = { name: model.name, kind: model.kind, sources: model.sources, attrition: log.stages };
    try {
      requireSources(plan, model);
      const built = yield* trainModel(context, model, log);
      const result = yield* describeStudyModel(built, outcome, validation, horizons, specification);
      trained.push(built);
      models.push({ ...about, failure: null, result });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const failure = error.toJSON();
      yield { type: 'ModelNotFitted', endpoint: outcome.name, model: model.name, failure };
      models.push({ ...about, failure, result: null });
    }
  }
  const endpoint: EndpointResult = {
    endpoint: outcome.name,
    timeUnit: outcome.timeUnit,
    horizons,
    subsets: [
      describeSubset('TRAINING', outcome, training),
      describeSubset('VALIDATION', outcome, validation),
    ],
    models,
    comparisons: compareAll(outcome, training, validation, trained, specification),
  };
  return { endpoint, warnings };
}

function* sayAgreement(plan: StudyPlan, model: ModelPlan, log: AttritionLog): Generator<StudyEvent> {
  const filters = plan.agreement.filter(({ agreement }) => model.sources.includes(agreement.source));
  const entered = filters.reduce((sum, { agreement }) => sum + agreement.entered, 0);
  const kept = model.sources.flatMap((source) => (plan.features.get(source) ?? []).map(({ name }) => name));
  yield log.begin('AGREEMENT', entered);
  yield log.end('AGREEMENT', entered, kept, {
    UNDEFINED: filters.reduce((sum, filter) => sum + filter.undefinedCount, 0),
    DISAGREEMENT: filters.reduce((sum, filter) => sum + filter.disagreeing, 0),
  });
}

function requireSources(plan: StudyPlan, model: ModelPlan): void {
  const absent = model.sources.find((source) => !plan.features.has(source));
  if (absent === undefined) return;
  throw new Failure('SOURCE_EMPTY', `no patient has features from ${absent}`, { source: absent });
}

function describeSubset(subset: Subset, outcome: OutcomeColumn, rows: Int32Array): EndpointSubset {
  const { time, event } = outcomeOf(outcome, rows);
  const events = countEvents({ event });
  if (rows.length === 0) return { subset, patients: 0, events, medianFollowUp: null };
  // The reverse Kaplan–Meier estimate (Schemper & Smith 1996): being censored is the event.
  const reverse = kaplanMeier({ time, event: event.map((value) => 1 - value) });
  return { subset, patients: rows.length, events, medianFollowUp: survivalQuantile(reverse, 0.5).value };
}

function compareAll(
  outcome: OutcomeColumn,
  training: Int32Array,
  validation: Int32Array,
  models: readonly TrainedModel[],
  { replicates, seed }: StudySpecification,
): ModelComparison[] {
  const comparisons: ModelComparison[] = [];
  for (const [subset, rows] of [
    ['TRAINING', training],
    ['VALIDATION', validation],
  ] as const) {
    models.forEach((second, j) => {
      for (const first of models.slice(0, j)) {
        const comparison = compareModels(outcome, subset, rows, first, second, replicates, seed);
        if (comparison) comparisons.push(comparison);
      }
    });
  }
  return comparisons;
}
