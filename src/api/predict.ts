import { Arg, Ctx, Field, Float, ID, InputType, Query, Resolver } from 'type-graphql';
import { Failure } from '../engine/failure.ts';
import { predictPatient, type StudyModelResult, studyDefaults } from '../engine/study/index.ts';
import { fromMonths } from '../engine/study/time-unit.ts';
import { scoreByNomogram } from '../engine/survival/nomogram-score.ts';
import { requireId } from '../store/checks.ts';
import type { Model } from '../store/entities/index.ts';
import { loadPatientValues, type PatientValues } from '../store/patient-values.ts';
import { requireBatch, requireFound } from './arguments.ts';
import type { Context } from './context.ts';
import { CovariateValueInput } from './patient.ts';
import { Access } from './rights/access.ts';
import {
  type PatientPredictionType,
  PredictOutcomeType,
  type UnpredictablePatientType,
} from './types/prediction.ts';

@InputType({ description: 'Whom to predict: a patient of the store, or values.' })
class PredictedPatientInput {
  @Field(() => ID, { nullable: true, description: 'A patient of any cohort with the same covariates.' })
  patientId?: string;

  @Field(() => [CovariateValueInput], {
    nullable: true,
    description:
      'Values by name: the covariates of the model, and the features of its radscore or `radscore` itself.',
  })
  covariates?: CovariateValueInput[];
}

@Resolver()
export class PredictResolver {
  @Access('READER')
  @Query(() => PredictOutcomeType, {
    description:
      'What a model says of a patient: radscore, risk group, survival, and points of its nomogram; or which value of the patient it lacks.',
  })
  async predict(
    @Arg('modelId', () => ID, { description: 'The model.' }) modelId: string,
    @Arg('patient', () => PredictedPatientInput, { description: 'Whom to predict.' })
    patient: PredictedPatientInput,
    @Arg('horizons', () => [Float], {
      nullable: true,
      description: "Times in the model's unit; the study's, or 24, 48 and 60 months, where absent.",
    })
    horizons: number[] | null,
    @Ctx() context: Context,
  ): Promise<PatientPredictionType | UnpredictablePatientType> {
    const id = requireId(modelId, 'modelId');
    const model = requireFound(await context.loaders.model.load(id), 'model', id);
    const result = model.result as Partial<StudyModelResult>;
    const prediction = requireFound(result.prediction ?? null, 'prediction of the model', id);
    const values = await valuesOf(patient, model, context);
    const times =
      horizons ?? (await monthsOf(model, context)).map((months) => fromMonths(months, prediction.timeUnit));
    requireBatch(times, 'horizons');
    const outcome = predictOrSay(prediction, values, times);
    if ('failure' in outcome) return outcome;
    const { survival, ...said } = outcome;
    const columns = said.radscore === null ? values : { ...values, radscore: said.radscore };
    return {
      ...said,
      survival: survival.map(({ lower, upper, ...at }) => ({
        ...at,
        lower: finite(lower),
        upper: finite(upper),
      })),
      ...pointsOf(result, columns),
    };
  }
}

/** A patient who lacks a value is no fault of who asks: on a list of patients there are some. */
function predictOrSay(
  ...[model, values, horizons]: Parameters<typeof predictPatient>
): ReturnType<typeof predictPatient> | UnpredictablePatientType {
  try {
    return predictPatient(model, values, horizons);
  } catch (error) {
    if (error instanceof Failure && error.code === 'COVARIATE_INVALID') return { failure: error.toJSON() };
    throw error;
  }
}

async function valuesOf(
  { patientId, covariates }: PredictedPatientInput,
  model: Model,
  { dataSource, loaders, audit }: Context,
): Promise<PatientValues> {
  if (patientId !== undefined) {
    const id = requireId(patientId, 'patient.patientId');
    const { cohortId } = requireFound(await loaders.patient.load(id), 'patient', id);
    audit.saw('Patient', cohortId, id);
    return loadPatientValues(dataSource, model, id);
  }
  const given = covariates as CovariateValueInput[];
  requireBatch(given, 'patient.covariates', 100_000);
  return Object.fromEntries(
    given.map(({ name, number, level }) => {
      const value = number ?? level;
      if (value === undefined || value === null || (number != null && level != null))
        throw new Failure('INPUT_INVALID', `give either the number or the level of ${name}`, {
          field: 'patient.covariates',
          covariate: name,
        });
      return [name, value];
    }),
  );
}

async function monthsOf(model: Model, { loaders }: Context): Promise<readonly number[]> {
  if (model.studyId === null) return studyDefaults.horizons;
  const study = requireFound(await loaders.study.load(model.studyId), 'study', model.studyId);
  return study.specification.horizons;
}

/** Scores the patient by the nomogram, whose columns are numbers: a level is a column of its own. */
function pointsOf(
  { nomogram, prediction }: Partial<StudyModelResult>,
  values: PatientValues,
): Pick<PatientPredictionType, 'points' | 'totalPoints'> {
  if (!nomogram || !prediction) return { points: null, totalPoints: null };
  const columns = Object.fromEntries(
    prediction.covariates.flatMap(({ name, levels }) =>
      levels === null
        ? [[name, values[name] as number]]
        : levels.slice(1).map((level) => [`${name}${level}`, values[name] === level ? 1 : 0]),
    ),
  );
  const { points, total } = scoreByNomogram(nomogram, columns);
  return {
    points: nomogram.variables.map(({ name }, place) => ({ variable: name, points: points[place] })),
    totalPoints: total,
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
