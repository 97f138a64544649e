import { Field, InputType } from 'type-graphql';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { requireText } from '../store/checks.ts';
import { requireCovariate } from '../store/clinical-columns.ts';
import { type Cohort, Patient } from '../store/entities/index.ts';
import { covariateNumber, filterClause } from '../store/patient-filter.ts';
import type { Context } from './context.ts';
import { type Page, type PageArguments, type PageReader, pageOf, type SortKey } from './paging.ts';
import { type PatientFilterInput, toPatientFilter } from './patient-filter.ts';
import type { Rights } from './rights/rights.ts';
import { SortDirectionEnum } from './types/enums.ts';

type Direction = 'ASC' | 'DESC';

@InputType({ description: 'By the values of a covariate.' })
class CovariateOrderInput {
  @Field({ description: "The covariate's name." })
  name: string;

  @Field(() => SortDirectionEnum, { defaultValue: 'ASC', description: 'Which comes first.' })
  direction: Direction;
}

@InputType({ description: 'By the times of an outcome, in the units that they were given in.' })
class OutcomeOrderInput {
  @Field({ description: 'The endpoint.' })
  endpoint: string;

  @Field(() => SortDirectionEnum, { defaultValue: 'ASC', description: 'Which comes first.' })
  direction: Direction;
}

@InputType({
  description: 'What patients are sorted by: one of these. Those of equal value are by subject key.',
})
export class PatientOrderInput {
  @Field(() => SortDirectionEnum, { nullable: true, description: 'By pseudonym.' })
  subjectKey?: Direction;

  @Field(() => CovariateOrderInput, { nullable: true, description: 'By a covariate.' })
  covariate?: CovariateOrderInput;

  @Field(() => OutcomeOrderInput, { nullable: true, description: 'By the time of an outcome.' })
  outcome?: OutcomeOrderInput;
}

/** A page of a cohort's patients. */
export function pageOfPatients(
  context: Context,
  cohort: Cohort,
  filter: PatientFilterInput | null,
  order: PatientOrderInput | null,
  page: PageArguments,
  reader: PageReader = context.loaders.pages,
): Promise<Page<Patient>> {
  const query = context.dataSource
    .getRepository(Patient)
    .createQueryBuilder('patient')
    .where({ cohortId: cohort.id });
  context.rights.onlyPatients(query, 'patient', 'ANALYST');
  onlyFiltered(query, cohort, filter, context.rights);
  const [name, sort] = sortOf(context, cohort, order);
  const list = name === undefined ? 'Patient' : `Patient by ${name}`;
  const descending = order?.subjectKey === 'DESC';
  return pageOf(query, page, { list, columns: ['subjectKey'], descending, sort }, reader);
}

/** The number of a cohort's patients that a filter finds, of those who may be listed. */
export async function countPatients(
  { dataSource, loaders, rights }: Context,
  cohort: Cohort,
  filter: PatientFilterInput,
): Promise<number> {
  rights.require('ANALYST', { on: 'COHORT', cohortId: cohort.id }, 'to count the patients of a filter');
  const query = dataSource
    .getRepository(Patient)
    .createQueryBuilder('patient')
    .where({ cohortId: cohort.id });
  rights.onlyPatients(query, 'patient', 'ANALYST');
  onlyFiltered(query, cohort, filter, rights);
  return loaders.pages.count(query);
}

/** Narrows a query, in which they are `patient`, to the patients of a filter. */
export function onlyFiltered<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  cohort: Cohort,
  filter: PatientFilterInput | null | undefined,
  rights: Rights,
): void {
  if (!filter) return;
  const wanted = toPatientFilter(filter);
  const { sql, parameters } = filterClause(cohort, wanted, 'patient', rights.seesIdentifying(cohort.id));
  query.andWhere(sql, parameters);
}

/** What sets the order apart from others, and the expression that it is by where it is none of the patient's own columns. */
function sortOf(
  { loaders, rights }: Context,
  cohort: Cohort,
  order: PatientOrderInput | null,
): [name?: string, sort?: SortKey<Patient>] {
  const { subjectKey, covariate, outcome } = order ?? {};
  if (covariate) {
    const { name, direction } = covariate;
    const { kind } = requireCovariate(cohort, name, rights.seesIdentifying(cohort.id));
    return [
      JSON.stringify({ covariate: name, direction }),
      {
        sql:
          kind === 'NUMERIC' ? covariateNumber('patient', ':sortedBy') : '(patient.covariates ->> :sortedBy)',
        parameters: { sortedBy: name },
        kind,
        descending: direction === 'DESC',
        valueOf: ({ covariates }) => covariates[name] ?? null,
      },
    ];
  }
  if (outcome) {
    const { endpoint, direction } = outcome;
    requireText(endpoint, 'orderBy.outcome.endpoint', 64);
    return [
      JSON.stringify({ outcome: endpoint, direction }),
      {
        sql: '(select time from outcome where outcome.patient_id = patient.id and outcome.endpoint = :sortedBy)',
        parameters: { sortedBy: endpoint },
        kind: 'NUMERIC',
        descending: direction === 'DESC',
        valueOf: async ({ id }) =>
          (await loaders.outcomesOfPatient.of(id)).find((each) => each.endpoint === endpoint)?.time ?? null,
      },
    ];
  }
  return subjectKey === 'DESC' ? ['subjectKey DESC'] : [];
}
