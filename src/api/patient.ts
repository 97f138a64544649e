import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Float,
  ID,
  InputType,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Failure } from '../engine/failure.ts';
import type { TimeUnit } from '../engine/study/time-unit.ts';
import { requireId } from '../store/checks.ts';
import type { Cohort, CovariateValue, Outcome, Patient, Prediction, Scan } from '../store/entities/index.ts';
import { addPatients } from '../store/patients.ts';
import { IdArgs, requireBatch, requireFound } from './arguments.ts';
import type { Context } from './context.ts';
import { Access } from './rights/access.ts';
import { CohortType } from './types/cohort.ts';
import { TimeUnitEnum } from './types/enums.ts';
import { PredictionType } from './types/model.ts';
import { CovariateValueType, OutcomeType, PatientType } from './types/patient.ts';
import { ScanType } from './types/scan.ts';

@InputType({ description: 'A value of a covariate: give the number or the level, as the cohort defines it.' })
export class CovariateValueInput {
  @Field({ description: "The covariate's name." })
  name: string;

  @Field(() => Float, { nullable: true, description: 'The value of a numeric covariate.' })
  number?: number | null;

  @Field(() => String, { nullable: true, description: 'The level of a categorical covariate.' })
  level?: string | null;
}

@InputType({ description: "A patient's follow-up for one endpoint." })
class OutcomeInput {
  @Field({ description: 'The endpoint, e.g. `DFS` or `OS`.' })
  endpoint: string;

  @Field(() => Float, { description: 'The time to the event, or to the last visit where none was seen.' })
  time: number;

  @Field(() => TimeUnitEnum, { defaultValue: 'MONTHS', description: 'The unit of the time.' })
  timeUnit: TimeUnit;

  @Field({ description: 'Whether the event was seen.' })
  event: boolean;
}

@InputType({ description: 'A patient to be added.' })
class PatientInput {
  @Field({
    description: 'A pseudonym, unique in the cohort. Never a name, a date of birth or a record number.',
  })
  subjectKey: string;

  @Field(() => String, {
    nullable: true,
    description: 'Where the patient was seen: rights may be limited to sites. None where absent.',
  })
  site?: string | null;

  @Field(() => [CovariateValueInput], {
    defaultValue: [],
    description: 'Clinical covariates; leave out what is missing.',
  })
  covariates: CovariateValueInput[];

  @Field(() => [OutcomeInput], { defaultValue: [], description: 'Follow-up by endpoint.' })
  outcomes: OutcomeInput[];
}

@Resolver(() => PatientType)
export class PatientResolver {
  @Access('READER')
  @Query(() => PatientType, { nullable: true, description: 'The patient with the identifier.' })
  patient(@Args(() => IdArgs) { id }: IdArgs, @Ctx() { loaders }: Context): Promise<Patient | null> {
    return loaders.patient.load(requireId(id, 'id'));
  }

  @Access('CURATOR')
  @Mutation(() => [PatientType], {
    description:
      'Adds up to 1000 patients with their outcomes, all or none, and returns them in order. A patient that is there with the same values stays.',
  })
  async addPatients(
    @Arg('cohortId', () => ID, { description: 'The cohort.' }) cohortId: string,
    @Arg('patients', () => [PatientInput], { description: 'The patients.' }) patients: PatientInput[],
    @Ctx() { dataSource, loaders, rights, audit }: Context,
  ): Promise<Patient[]> {
    requireBatch(patients, 'patients');
    const cohort = requireFound(
      await loaders.cohort.load(requireId(cohortId, 'cohortId')),
      'cohort',
      cohortId,
    );
    audit.about('Cohort', cohort.id, cohort.id);
    const rows = patients.map(({ subjectKey, site, covariates, outcomes }) => ({
      subjectKey,
      site: site ?? null,
      covariates: covariateRecord(subjectKey, covariates),
      outcomes: outcomes.map(({ endpoint, time, timeUnit, event }) => ({ endpoint, time, timeUnit, event })),
    }));
    for (const site of new Set(rows.map((row) => row.site)))
      rights.require(
        'CURATOR',
        { on: 'PATIENT', cohortId: cohort.id, site },
        site === null
          ? `a patient of cohort ${cohort.key} without a site`
          : `cohort ${cohort.key} at the site`,
      );
    return dataSource.transaction((manager) => addPatients(manager, cohort, rows));
  }

  @FieldResolver(() => CohortType, { description: 'The cohort that the patient belongs to.' })
  async cohort(@Root() patient: Patient, @Ctx() { loaders }: Context): Promise<Cohort | null> {
    return loaders.cohort.load(patient.cohortId);
  }

  @FieldResolver(() => [CovariateValueType], {
    description:
      'Clinical covariates that are known, by name; give `names` for some of them. Those that identify patients are for curators.',
  })
  async covariates(
    @Root() patient: Patient,
    @Arg('names', () => [String], { nullable: true, description: 'Which covariates.' }) names:
      | string[]
      | null,
    @Ctx() { loaders, rights }: Context,
  ): Promise<CovariateValueType[]> {
    const { cohortId, site } = patient;
    const withheld = rights.has('CURATOR', { on: 'PATIENT', cohortId, site })
      ? new Set()
      : identifyingNames(await loaders.cohort.load(cohortId));
    return Object.entries(patient.covariates)
      .filter(([name]) => (!names || names.includes(name)) && !withheld.has(name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => ({
        name,
        number: typeof value === 'number' ? value : null,
        level: typeof value === 'string' ? value : null,
      }));
  }

  @FieldResolver(() => [OutcomeType], { description: 'Follow-up by endpoint.' })
  outcomes(@Root() patient: Patient, @Ctx() { loaders }: Context): Outcome[] | Promise<Outcome[]> {
    return loaders.outcomesOfPatient.of(patient.id);
  }

  @FieldResolver(() => [ScanType], { description: 'Scans by modality and phase.' })
  scans(@Root() patient: Patient, @Ctx() { loaders }: Context): Scan[] | Promise<Scan[]> {
    return loaders.scansOfPatient.of(patient.id);
  }

  @FieldResolver(() => [PredictionType], { description: 'What models say of the patient.' })
  predictions(@Root() patient: Patient, @Ctx() { loaders }: Context): Prediction[] | Promise<Prediction[]> {
    return loaders.predictionsOfPatient.of(patient.id);
  }
}

/** The covariates of a cohort that tell who somebody is; nothing is to be seen of a cohort that is not. */
function identifyingNames(cohort: Cohort | null): ReadonlySet<unknown> {
  return new Set(cohort?.covariates.flatMap(({ name, identifying }) => (identifying ? name : [])));
}

function covariateRecord(
  subject: string,
  values: readonly CovariateValueInput[],
): Record<string, CovariateValue> {
  const record: Record<string, CovariateValue> = {};
  for (const { name, number, level } of values) {
    const value = number ?? level ?? null;
    const both = (number ?? null) !== null && (level ?? null) !== null;
    if (value === null || both) {
      throw new Failure(
        'INPUT_INVALID',
        `subject ${subject}: covariate ${name} needs either a number or a level`,
        { subject, covariate: name },
      );
    }
    if (Object.hasOwn(record, name))
      throw new Failure('TABLE_KEY_DUPLICATE', `subject ${subject}: covariate ${name} is given twice`, {
        subject,
        covariate: name,
      });
    Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return record;
}
