import { Failure } from '../failure.ts';
import { type CoxFit, fitCox, linearPredictor, type SurvivalData } from '../survival/index.ts';
import { assignFolds } from './assign-folds.ts';
import { AttritionLog } from './attrition.ts';
import { coefficientsOf } from './coefficients.ts';
import { type CovariateColumn, designMatrix, isMissing } from './cohort-table.ts';
import { selectCoxTerms } from './cox-selection.ts';
import { type FeatureColumn, standardiseFeatures } from './feature-columns.ts';
import { type CompletedCovariates, imputeCovariates } from './missing-covariates.ts';
import { outcomeOf } from './outcome-rows.ts';
import type { Coefficient } from './prognosis-event.ts';
import { buildRadscore, radscoreOf } from './radscore.ts';
import { dropRedundant } from './redundancy-filter.ts';
import type { OutcomeColumn, StudyData } from './study-data.ts';
import type { StudyEvent } from './study-event.ts';
import type { ModelPlan } from './study-models.ts';
import type { Attrition, Radscore } from './study-result.ts';
import type { StudySpecification } from './study-specification.ts';
import { filterUnivariate } from './univariate-filter.ts';

/** What every model of one endpoint is trained from. */
export interface TrainingContext {
  readonly data: StudyData;
  readonly specification: StudySpecification;
  readonly outcome: OutcomeColumn;
  /** By source: the features that readers agree on. */
  readonly features: ReadonlyMap<string, readonly FeatureColumn[]>;
  /** Rows to train on, which may repeat, as in a bootstrap resample. */
  readonly rows: Int32Array;
  /** Names the random streams of this endpoint and resample. */
  readonly label: readonly (string | number)[];
  /** Radscores that other models of the same context have built already, by their sources. */
  readonly radscores: Map<string, BuiltRadscore>;
}

/** A radscore, or why there is none, with the stages that led there. */
export interface BuiltRadscore {
  readonly radscore: Radscore | Failure;
  readonly stages: readonly Attrition[];
}

/** A model as training alone determines it; nothing in it has seen a validation patient's outcome. */
export interface TrainedModel {
  readonly plan: ModelPlan;
  /** Training rows that have all that the model needs. */
  readonly rows: Int32Array;
  readonly radscore: Radscore | null;
  /** The covariates of the Cox model, the radscore among them, for every patient of the study. */
  readonly columns: readonly CovariateColumn[];
  readonly fit: CoxFit;
  readonly univariate: readonly Coefficient[];
  readonly beforeElimination: readonly Coefficient[] | null;
  readonly imputed: CompletedCovariates['imputed'];
  /** What patients are ranked and divided by: the radscore of a radiomics model, else the linear predictor. NaN where unknown. */
  readonly score: Float64Array;
  readonly linearPredictor: Float64Array;
}

/**
 * Trains one model of the study: features by their stages to a radscore, clinical covariates by theirs, and the Cox
 * model of what is left.
 *
 * @param log takes the attrition, also of a model that fails.
 * @throws Failure where the model cannot be built; see the stages.
 */
export function* trainModel(
  context: TrainingContext,
  plan: ModelPlan,
  log: AttritionLog,
): Generator<StudyEvent, TrainedModel, void> {
  const { data, specification, outcome } = context;
  const patients = data.subjects.length;
  const eligible = context.rows.filter(
    (row) => !Number.isNaN(outcome.time[row]) && hasSources(data, plan, row),
  );
  let radscore: Radscore | null = null;
  let radscoreColumn: CovariateColumn | null = null;
  if (plan.sources.length > 0) {
    radscore = yield* radscoreFor(context, plan, eligible, log);
    const columns = new Map(
      plan.sources
        .flatMap((source) => context.features.get(source) ?? [])
        .map(({ name, values }) => [name, values]),
    );
    const values = radscoreOf(radscore.features, columns, patients);
    radscoreColumn = { name: 'radscore', kind: 'NUMERIC', values };
  }
  const wanted = plan.clinical
    ? data.covariates.filter(({ name }) => specification.covariates.includes(name))
    : [];
  const completed =
    specification.missingCovariates === 'MEDIAN'
      ? imputeCovariates(wanted, eligible)
      : { columns: wanted, imputed: [] };
  const candidates = [...(radscoreColumn ? [radscoreColumn] : []), ...completed.columns];
  const rows = eligible.filter((row) => candidates.every((column) => !isMissing(column, row)));
  const training = outcomeOf(outcome, rows);
  requireEvents(training, plan.name);
  const selection = plan.clinical
    ? yield* selectCoxTerms(training, completed.columns, rows, specification.clinicalP, radscoreColumn, log)
    : radscoreAlone(training, candidates, rows);
  const everyone = Int32Array.from({ length: patients }, (_, row) => row);
  const predictor = linearPredictor(selection.fit, designMatrix(selection.columns, everyone));
  for (let row = 0; row < patients; row++) {
    if (candidates.some((column) => isMissing(column, row))) predictor[row] = Number.NaN;
  }
  const score =
    plan.kind === 'RADIOMICS' && radscoreColumn?.kind === 'NUMERIC' ? radscoreColumn.values : predictor;
  return {
    plan,
    rows,
    radscore,
    ...selection,
    imputed: completed.imputed,
    score,
    linearPredictor: predictor,
  };
}

/** The radscore of the plan's sources: built once, whatever number of models use it. */
function* radscoreFor(
  context: TrainingContext,
  plan: ModelPlan,
  rows: Int32Array,
  log: AttritionLog,
): Generator<StudyEvent, Radscore, void> {
  const key = plan.sources.join('\n');
  let built = context.radscores.get(key);
  if (built) log.stages.push(...built.stages);
  else {
    const before = log.stages.length;
    let radscore: BuiltRadscore['radscore'];
    try {
      radscore = yield* selectFeatures(context, plan, rows, log);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      radscore = error;
    }
    built = { radscore, stages: log.stages.slice(before) };
    context.radscores.set(key, built);
  }
  if (built.radscore instanceof Failure) throw built.radscore;
  return built.radscore;
}

function* selectFeatures(
  context: TrainingContext,
  plan: ModelPlan,
  rows: Int32Array,
  log: AttritionLog,
): Generator<StudyEvent, Radscore, void> {
  const { data, specification, outcome } = context;
  const scope = { endpoint: outcome.name, model: plan.name };
  const training = outcomeOf(outcome, rows);
  requireEvents(training, plan.name);
  const columns = plan.sources.flatMap((source) => context.features.get(source) ?? []);
  const standard = standardiseFeatures(columns, rows);
  const screened = yield* filterUnivariate(
    training,
    standard,
    specification.univariateP,
    columns.length,
    scope,
    log,
  );
  yield log.begin('REDUNDANCY', screened.length);
  const kept = dropRedundant(screened, specification.correlationThreshold);
  yield log.end(
    'REDUNDANCY',
    screened.length,
    kept.map(({ name }) => name),
    { REDUNDANT: screened.length - kept.length },
  );
  requireCandidates(kept.length, columns.length, log);
  const folds = assignFolds(
    specification.folds,
    rows,
    outcome.event,
    data.subjects,
    specification.seed,
    context.label,
  );
  return yield* buildRadscore(training, kept, folds, specification.lambda, scope, log);
}

function radscoreAlone(data: SurvivalData, columns: readonly CovariateColumn[], rows: Int32Array) {
  const fit = fitCox(data, designMatrix(columns, rows));
  return { columns, fit, univariate: coefficientsOf(fit), beforeElimination: null };
}

function hasSources(data: StudyData, plan: ModelPlan, row: number): boolean {
  return plan.sources.every(
    (name) => data.sources.find((source) => source.name === name)?.present[row] === 1,
  );
}

function requireEvents({ time, event }: SurvivalData, model: string): void {
  if (time.length === 0) {
    throw new Failure('NO_OBSERVATIONS', `no training patient has all that model ${model} needs`, { model });
  }
  if (!event.includes(1)) {
    throw new Failure(
      'NO_EVENTS',
      `none of the ${time.length} training patients of model ${model} has the event`,
      {
        model,
        patients: time.length,
      },
    );
  }
}

function requireCandidates(remaining: number, entered: number, log: AttritionLog): void {
  if (remaining > 0) return;
  const stage = log.stages.find((step) => step.remaining === 0)?.stage ?? 'AGREEMENT';
  throw new Failure('SELECTION_EMPTY', `none of ${entered} features survived the stage ${stage}`, {
    stage,
    candidates: entered,
  });
}
