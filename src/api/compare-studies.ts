import { isDeepStrictEqual } from 'node:util';
import { Arg, Ctx, Field, ID, ObjectType, Query, Resolver } from 'type-graphql';
import type { StudyResult } from '../engine/study/index.ts';
import type { StudySpecification } from '../engine/study/study-specification.ts';
import { requireId } from '../store/checks.ts';
import type { Study } from '../store/entities/index.ts';
import { requireBatch, requireFound } from './arguments.ts';
import type { Context } from './context.ts';
import { Access } from './rights/access.ts';
import { StudyType } from './types/study.ts';
import { ConcordanceComparisonType, SpecificationDifferenceType } from './types/study-comparison.ts';

/** The most studies side by side. */
const maxStudies = 20;

@Access('READER')
@ObjectType('StudyComparison', { description: 'Studies side by side.' })
class StudyComparisonType {
  @Field(() => [StudyType], { description: 'The studies, in the order asked for.' })
  studies: readonly Study[];

  @Access('ANALYST')
  @Field(() => [SpecificationDifferenceType], { description: 'In what their specifications differ.' })
  differences: SpecificationDifferenceType[];

  @Field(() => [ConcordanceComparisonType], {
    description: 'The C-index of every model that any of them has, by endpoint, model and subset.',
  })
  concordance: ConcordanceComparisonType[];
}

@Resolver()
export class CompareStudiesResolver {
  @Access('READER')
  @Query(() => StudyComparisonType, {
    description: 'Compares up to 20 studies: their specifications, and the C-indices of their models.',
  })
  async compareStudies(
    @Arg('ids', () => [ID], { description: 'The studies.' }) ids: string[],
    @Ctx() { loaders, rights }: Context,
  ): Promise<StudyComparisonType> {
    requireBatch(ids, 'ids', maxStudies);
    const studies: Study[] = [];
    for (const id of ids.map((text) => requireId(text, 'ids')))
      studies.push(requireFound(await loaders.study.load(id), 'study', id));
    const results = await Promise.all(studies.map(({ id }) => loaders.studyResult.load(id)));
    return {
      studies,
      // Specifications may name patients.
      get differences() {
        for (const { cohortId, name } of studies)
          rights.require('ANALYST', { on: 'WHOLE', cohortId }, `the specification of study ${name}`);
        return differencesOf(studies);
      },
      concordance: concordanceOf(results),
    };
  }
}

function differencesOf(studies: readonly Study[]): SpecificationDifferenceType[] {
  const fields = new Set(studies.flatMap(({ specification }) => Object.keys(specification)));
  return [...fields].sort().flatMap((field) => {
    const values = studies.map(({ specification }) => specification[field as keyof StudySpecification]);
    return values.every((value) => isDeepStrictEqual(value, values[0])) ? [] : [{ field, values }];
  });
}

function concordanceOf(results: readonly (StudyResult | null)[]): ConcordanceComparisonType[] {
  const rows = new Map<string, ConcordanceComparisonType>();
  results.forEach((result, place) => {
    for (const { endpoint, models } of result?.endpoints ?? [])
      for (const { name: model, result: fitted } of models)
        for (const concordance of fitted?.concordance ?? []) {
          const { subset } = concordance;
          const key = JSON.stringify([endpoint, model, subset]);
          const row = rows.get(key) ?? {
            endpoint,
            model,
            subset,
            concordance: results.map(() => null),
          };
          row.concordance[place] = concordance;
          rows.set(key, row);
        }
  });
  return [...rows.values()];
}
