import { Failure } from '../failure.ts';
import { median } from '../statistics/index.ts';
import { unlessUnestimable } from '../survival/bootstrap.ts';
import {
  type Covariates,
  coxBaseline,
  findCutpoint,
  nomogram,
  predictSurvivalAt,
  type SurvivalData,
  testProportionalHazards,
} from '../survival/index.ts';
import type { Warning } from '../warning.ts';
import { bootstrapOptimism } from './bootstrap-optimism.ts';
import { calibrateModel } from './calibrate-model.ts';
import { designMatrix } from './cohort-table.ts';
import { chiSquared, describePrognosis } from './describe-prognosis.ts';
import { factorsOf, termsOf } from './model-terms.ts';
import { countEvents, outcomeOf } from './outcome-rows.ts';
import type { PatientsSelected } from './prognosis-event.ts';
import type { OutcomeColumn } from './study-data.ts';
import type { StudyEvent } from './study-event.ts';
import type { StudyModelResult } from './study-result.ts';
import type { StudySpecification } from './study-specification.ts';
import { assessSubset } from './subset-performance.ts';
import type { TrainedModel } from './train-model.ts';

/**
 * Everything about one trained model: what `describePrognosis` says, and the measures, checks and drawings beyond.
 *
 * @param training, validation rows of the study's subsets that have the endpoint's outcome.
 * @param horizons in the outcome's unit.
 */
export function* describeStudyModel(
  trained: TrainedModel,
  outcome: OutcomeColumn,
  validation: Int32Array,
  horizons: readonly number[],
  specification: StudySpecification,
): Generator<StudyEvent, StudyModelResult, void> {
  const { plan, rows, columns, fit, score } = trained;
  const scope = { endpoint: outcome.name, model: plan.name };
  const validationRows = validation.filter((row) => !Number.isNaN(score[row]));
  const data = outcomeOf(outcome, rows);
  const design = designMatrix(columns, rows);
  const baseline = coxBaseline(fit, data, design);
  const patients: PatientsSelected = {
    type: 'PatientsSelected',
    ...scope,
    training: rows.length,
    trainingEvents: countEvents(data),
    validation: validationRows.length,
    validationEvents: countEvents(outcomeOf(outcome, validationRows)),
    excluded: validation.length - validationRows.length,
    timeUnit: outcome.timeUnit,
  };
  yield patients;
  const trainingScore = Float64Array.from(rows, (row) => score[row]);
  const cut = chooseCutpoint(data, trainingScore, specification.minimumGroup);
  const warnings: Warning[] = [...cut.warnings, ...imputationWarnings(trained)];
  for (const warning of warnings) yield { type: 'WarningRaised', ...warning, ...scope };
  const prognosis = yield* describePrognosis(
    {
      columns,
      fit,
      baseline,
      linearPredictor: trained.linearPredictor,
      radscore: radscoreValues(trained),
      about: {
        radscore: trained.radscore?.features ?? null,
        cutpoint: cut.cutpoint,
        cutOn: plan.kind === 'RADIOMICS' ? 'RADSCORE' : 'LINEAR_PREDICTOR',
      },
      subsets: [
        { subset: 'TRAINING', rows },
        { subset: 'VALIDATION', rows: validationRows },
      ],
    },
    outcome,
    patients,
    warnings,
    scope,
  );
  const apparent = prognosis.concordance.find(({ subset }) => subset === 'TRAINING')?.estimate ?? null;
  const optimism = yield* bootstrapOptimism(data, design, apparent, scope, specification);
  const subsets = (
    [
      ['TRAINING', rows],
      ['VALIDATION', validationRows],
    ] as const
  ).filter(([, members]) => members.length > 0);
  return {
    ...prognosis,
    radscore: trained.radscore,
    univariate: trained.univariate,
    beforeElimination: trained.beforeElimination,
    cutpointTest: cut.test,
    performance: subsets.map(([subset, members]) => {
      const covariates = designMatrix(columns, members);
      return assessSubset(
        {
          subset,
          data: outcomeOf(outcome, members),
          score: Float64Array.from(members, (row) => score[row]),
          cutpoint: cut.cutpoint,
          survivalAt: (time) => predictSurvivalAt(fit, baseline, covariates, time),
        },
        horizons,
      );
    }),
    proportionalHazards: checkProportionalHazards(trained, data, design),
    nomogram: unlessUnestimable(() =>
      nomogram(fit, baseline, design, { horizons, factors: factorsOf(columns) }),
    ),
    calibration: subsets.flatMap(([subset, members]) =>
      horizons.flatMap((horizon) => {
        const part = { subset, data: outcomeOf(outcome, members), design: designMatrix(columns, members) };
        return calibrateModel(part, trained.fit, baseline, horizon, specification) ?? [];
      }),
    ),
    optimism,
    pipelineOptimism: null,
  };
}

interface ChosenCutpoint {
  readonly cutpoint: number;
  readonly test: StudyModelResult['cutpointTest'];
  readonly warnings: readonly Warning[];
}

/** The maximally selected log-rank cut; the median, with a warning, where there is none. */
function chooseCutpoint(data: SurvivalData, score: Float64Array, minProportion: number): ChosenCutpoint {
  try {
    const { cutpoint, statistic, p } = findCutpoint(data, score, { minProportion });
    return { cutpoint, test: { statistic, p: p.lau92 }, warnings: [] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const message = `No cut leaves both risk groups ${minProportion} of the ${score.length} patients; the median divides them.`;
    return { cutpoint: median(score), test: null, warnings: [{ code: 'CUTPOINT_MEDIAN', message }] };
  }
}

function imputationWarnings({ imputed }: TrainedModel): Warning[] {
  return imputed.map(({ name, patients }) => ({
    code: 'COVARIATES_IMPUTED',
    message: `${name} was missing in ${patients} patients and filled in.`,
    subject: name,
  }));
}

function radscoreValues({ columns, radscore, plan, score }: TrainedModel): Float64Array | null {
  if (!radscore) return null;
  if (plan.kind === 'RADIOMICS') return score;
  const column = columns.find(({ name }) => name === 'radscore');
  return column?.kind === 'NUMERIC' ? column.values : null;
}

function checkProportionalHazards(
  { columns, fit }: TrainedModel,
  data: SurvivalData,
  design: Covariates,
): StudyModelResult['proportionalHazards'] {
  const kept = fit.names.filter((name) => !fit.dropped.includes(name));
  const terms = termsOf(columns).filter(({ covariates }) => covariates.some((name) => kept.includes(name)));
  const test = unlessUnestimable(() => testProportionalHazards(fit, data, design, { terms }));
  if (!test) return [];
  return [
    ...test.terms.map((term) => ({ term: term.name, ...chiSquared(term) })),
    { term: 'GLOBAL', ...chiSquared(test.global) },
  ];
}
