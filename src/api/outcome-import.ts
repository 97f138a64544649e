import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Mutation, Resolver, Root } from 'type-graphql';
import { requireId, requireText } from '../store/checks.ts';
import { type Cohort, type Outcome, OutcomeImport, Patient } from '../store/entities/index.ts';
import { importOutcomes, type OutcomeConflict } from '../store/outcome-imports.ts';
import { PageArgs, requireBatch } from './arguments.ts';
import type { Context } from './context.ts';
import { connectionOf, type Page, pageOf } from './paging.ts';
import { Access } from './rights/access.ts';
import { requireWholeCohort } from './rights/writable.ts';
import { CohortType } from './types/cohort.ts';
import { ImportedOutcomesType, OutcomeImportType } from './types/outcome-import.ts';
import { OutcomeType } from './types/patient.ts';

const OutcomeImportConnection = connectionOf(OutcomeImportType, 'OutcomeImport');

/** More are counted, but not told. */
const maxConflicts = 1000;

@InputType({ description: 'Which outcomes to import.' })
class ImportOutcomesInput {
  @Field(() => ID, { description: 'The cohort.' })
  cohortId: string;

  @Field({ description: 'The registry, by its name in the setting `NOMOGRAPH_REGISTRIES`.' })
  registry: string;

  @Field(() => [String], {
    nullable: true,
    description: 'The endpoints that are wanted; all where absent.',
  })
  endpoints?: string[] | null;
}

interface Conflicts {
  readonly total: number;
  readonly conflicts: readonly OutcomeConflict[];
}

@Resolver(() => CohortType)
export class OutcomeImportsOfCohortResolver {
  @Access('CURATOR')
  @Mutation(() => ImportedOutcomesType, {
    description:
      'Asks a registry for the outcomes of all patients of a cohort, and adds those that are new, all or none: where any is there with other values, nothing is added. The same answer again is the import that is there.',
  })
  async importOutcomes(
    @Arg('input', () => ImportOutcomesInput, { description: 'Which outcomes.' }) input: ImportOutcomesInput,
    @Ctx() context: Context,
  ): Promise<OutcomeImport | Conflicts> {
    const { dataSource, registries, audit } = context;
    const { id: cohortId, key } = await requireWholeCohort(
      context,
      requireId(input.cohortId, 'cohortId'),
      'CURATOR',
    );
    const endpoints = input.endpoints ? [...new Set(input.endpoints)].sort() : null;
    requireBatch(endpoints ?? [], 'endpoints', 100);
    for (const endpoint of endpoints ?? []) requireText(endpoint, 'endpoints', 64);
    const { name: registry, url } = registries.require(input.registry);
    const patients = await dataSource
      .getRepository(Patient)
      .find({ select: { subjectKey: true }, where: { cohortId }, order: { subjectKey: 'ASC' } });
    const subjectKeys = patients.map(({ subjectKey }) => subjectKey);
    // No connection to the database waits for the registry.
    const answers = await registries.outcomesOf(registry, key, subjectKeys);
    const fetchedAt = new Date();
    const outcomes = new Map(subjectKeys.map((subjectKey, place) => [subjectKey, answers[place]]));
    audit.explain({ registry, patients: subjectKeys.length });
    const result = await dataSource.transaction((manager) =>
      importOutcomes(manager, { cohortId, registry, url, fetchedAt, endpoints, outcomes }),
    );
    return 'id' in result ? result : { total: result.length, conflicts: result.slice(0, maxConflicts) };
  }

  @FieldResolver(() => OutcomeImportConnection, {
    description: 'Where outcomes of its patients came from that registries gave, the newest first.',
  })
  outcomeImports(
    @Root() cohort: Cohort,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { dataSource, loaders }: Context,
  ): Promise<Page<OutcomeImport>> {
    const query = dataSource
      .getRepository(OutcomeImport)
      .createQueryBuilder('import')
      .where({ cohortId: cohort.id });
    return pageOf(query, page, { list: 'OutcomeImport', columns: ['id'], descending: true }, loaders.pages);
  }
}

@Resolver(() => OutcomeType)
export class SourceOfOutcomeResolver {
  @FieldResolver(() => OutcomeImportType, {
    nullable: true,
    description: 'The import that brought it; null where it was added with the patient.',
  })
  async source(@Root() { importId }: Outcome, @Ctx() { loaders }: Context): Promise<OutcomeImport | null> {
    return importId === null ? null : loaders.outcomeImport.load(importId);
  }
}
