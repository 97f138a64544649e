import { isDeepStrictEqual } from 'node:util';
import { Arg, Ctx, Field, FieldResolver, Float, InputType, Int, Resolver, Root } from 'type-graphql';
import { Failure } from '../engine/failure.ts';
import { requireText } from '../store/checks.ts';
import { requireCovariate } from '../store/clinical-columns.ts';
import {
  type Distribution,
  extentSql,
  type FoundNumbers,
  levelDistribution,
  levelsSql,
  numberDistribution,
  numbersSql,
} from '../store/covariate-distribution.ts';
import { type Cohort, Patient, type Role } from '../store/entities/index.ts';
import { histogramEdges, maxBins, requireEdges } from '../store/histogram-edges.ts';
import { covariateNumber } from '../store/patient-filter.ts';
import { requireBatch } from './arguments.ts';
import type { Context } from './context.ts';
import { PatientFilterInput } from './patient-filter.ts';
import { onlyFiltered } from './patient-list.ts';
import { Access } from './rights/access.ts';
import type { Scope } from './rights/rights.ts';
import { CohortType } from './types/cohort.ts';
import { CovariateDistributionType } from './types/covariate-distribution.ts';
import type { Select } from './value-batch.ts';

@InputType({ description: 'How the numbers of a histogram are put together: one of these.' })
export class HistogramInput {
  @Field(() => Int, {
    nullable: true,
    description: `At most so many bins, up to ${maxBins}, between edges as axes have them: multiples of 1, 2 or 5 times a power of ten.`,
  })
  count?: number;

  @Field(() => [Float], {
    nullable: true,
    description: 'Between these edges, which rise; numbers beyond them get bins of their own.',
  })
  edges?: number[];
}

@InputType({ description: 'What patients are grouped by: one of these.' })
export class PatientGroupingInput {
  @Field(() => String, { nullable: true, description: 'The levels of a categorical covariate, by its name.' })
  covariate?: string;

  @Field(() => String, {
    nullable: true,
    description: 'Whether the event of an outcome was seen, by its endpoint.',
  })
  outcome?: string;
}

const usualBins = { count: 10 };
const usualQuantiles = [0, 0.25, 0.5, 0.75, 1];

interface Asked {
  readonly filter: PatientFilterInput | null;
  readonly by: PatientGroupingInput | null;
  readonly bins: HistogramInput;
  readonly quantiles: readonly number[];
  /** The patients in it are those for whom the role is held. */
  readonly seenBy: Role;
}

@Resolver(() => CohortType)
export class CovariateDistributionResolver {
  @Access('READER')
  @FieldResolver(() => CovariateDistributionType, {
    description:
      'How the values of a covariate are distributed among its patients, or those of a filter: counts by level, or a histogram, mean, spread and quantiles. Readers get it as it is without arguments, and without what tells of few patients.',
  })
  async distribution(
    @Root() cohort: Cohort,
    @Arg('covariate', () => String, { description: "The covariate's name." }) name: string,
    @Arg('filter', () => PatientFilterInput, { nullable: true, description: 'Which patients.' })
    filter: PatientFilterInput | null,
    @Arg('by', () => PatientGroupingInput, {
      nullable: true,
      description: 'What the patients are grouped by, besides.',
    })
    by: PatientGroupingInput | null,
    @Arg('bins', () => HistogramInput, {
      defaultValue: usualBins,
      description: 'The histogram of a numeric covariate.',
    })
    bins: HistogramInput,
    @Arg('quantiles', () => [Float], {
      defaultValue: usualQuantiles,
      description: 'Which quantiles of a numeric covariate, each from 0 to 1.',
    })
    quantiles: number[],
    @Ctx() context: Context,
  ): Promise<CovariateDistributionType> {
    const covariate = requireCovariate(cohort, name);
    const groups = groupsOf(cohort, by);
    requireBatch(quantiles, 'quantiles', 100);
    if (quantiles.some((p) => !(p >= 0 && p <= 1)))
      throw new Failure('INPUT_INVALID', 'quantiles are from 0 to 1', { field: 'quantiles' });
    const { rights } = context;
    const scope: Scope = { on: 'COHORT', cohortId: cohort.id };
    const seenBy = rights.has('ANALYST', scope) ? 'ANALYST' : 'READER';
    // The difference of two counts may be one patient.
    if (filter || by || !isDeepStrictEqual([{ ...bins }, quantiles], [usualBins, usualQuantiles]))
      rights.require('ANALYST', scope, 'a distribution of a filter, by groups, bins or quantiles');
    const asked = { filter, by, bins, quantiles, seenBy } as const;
    const found =
      covariate.kind === 'NUMERIC'
        ? await numbers(context, cohort, name, asked, groups)
        : await levels(context, cohort, name, asked, groups);
    return {
      covariate,
      all: found.all,
      groups:
        groups &&
        found.groups.map(({ group, counts }) => ({
          level: by?.covariate === undefined ? null : group,
          event: by?.covariate === undefined && group !== null ? group === 'true' : null,
          counts,
        })),
    };
  }
}

/** The groups that are there in any case; null where patients are not grouped. */
function groupsOf(cohort: Cohort, by: PatientGroupingInput | null | undefined): readonly string[] | null {
  if (!by) return null;
  if (by.covariate === undefined) {
    requireText(by.outcome as string, 'by.outcome', 64);
    return ['true', 'false'];
  }
  const { kind, levels = [] } = requireCovariate(cohort, by.covariate);
  if (kind === 'CATEGORICAL') return levels;
  throw new Failure('INPUT_INVALID', `covariate ${by.covariate} is numeric: patients are grouped by levels`, {
    covariate: by.covariate,
  });
}

/** Selects each of the patients with the expressions given and what it is grouped by, `grp`. */
function members(
  { dataSource, rights }: Context,
  cohort: Cohort,
  name: string,
  { filter, by, seenBy }: Asked,
  values: Readonly<Record<string, string>>,
): Select {
  const query = dataSource
    .getRepository(Patient)
    .createQueryBuilder('patient')
    .select([])
    .where({ cohortId: cohort.id })
    .setParameters({ name });
  for (const [alias, expression] of Object.entries(values)) query.addSelect(expression, alias);
  query.addSelect(groupSql(by), 'grp').setParameters({ by: by?.covariate ?? by?.outcome });
  rights.onlyPatients(query, 'patient', seenBy);
  onlyFiltered(query, cohort, filter, rights);
  const [sql, parameters] = query.getQueryAndParameters();
  return { sql, parameters: parameters as unknown[] };
}

function groupSql(by: PatientGroupingInput | null | undefined): string {
  if (!by) return 'null::text';
  return by.covariate === undefined
    ? '(select event::text from outcome where outcome.patient_id = patient.id and outcome.endpoint = :by)'
    : 'patient.covariates ->> :by';
}

async function levels(
  context: Context,
  cohort: Cohort,
  name: string,
  asked: Asked,
  groups: readonly string[] | null,
): Promise<Distribution> {
  const { sql, parameters } = members(context, cohort, name, asked, {
    value: 'patient.covariates ->> :name',
  });
  const found = await context.loaders.value.load({ sql: levelsSql(sql), parameters });
  return levelDistribution(found as never, requireCovariate(cohort, name).levels, groups);
}

async function numbers(
  { loaders, ...context }: Context,
  cohort: Cohort,
  name: string,
  asked: Asked,
  groups: readonly string[] | null,
): Promise<Distribution> {
  const { count = 10, edges: given } = asked.bins;
  if (!Number.isInteger(count) || count < 1 || count > maxBins)
    throw new Failure('LIMIT_EXCEEDED', `bins.count is ${count}; a histogram has 1 to ${maxBins}`, {
      field: 'bins.count',
      limit: maxBins,
    });
  if (given) requireEdges(given, 'bins.edges');
  const number = covariateNumber('patient', ':name');
  const { sql, parameters } = members({ loaders, ...context }, cohort, name, asked, {
    value: number,
    exact: '(patient.covariates ->> :name)::numeric',
  });
  const [least, greatest] = given
    ? given
    : ((await loaders.value.load({ sql: extentSql(sql), parameters })) as [number | null, number]);
  const edges = given ?? (least === null ? [] : histogramEdges(least as number, greatest as number, count));
  const place = parameters.length;
  const found = await loaders.value.load({
    sql: numbersSql(sql, `$${place + 1}::double precision[]`, `$${place + 2}::double precision[]`),
    parameters: [...parameters, edges, asked.quantiles],
  });
  return numberDistribution(found as FoundNumbers, edges, asked.quantiles, groups);
}
