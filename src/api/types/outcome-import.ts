import { createUnionType, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { TimeUnit } from '../../engine/study/time-unit.ts';
import { Access } from '../rights/access.ts';
import { TimeUnitEnum } from './enums.ts';

@Access('READER')
@ObjectType('OutcomeImport', {
  description: 'Outcomes that a registry gave: what it said then is kept as it was.',
})
export class OutcomeImportType {
  @Field(() => ID, { description: 'The identifier.' })
  id: string;

  @Field({ description: 'The registry.' })
  registry: string;

  @Field({ description: 'Its address then.' })
  url: string;

  @Field(() => [String], { nullable: true, description: 'The endpoints that were wanted; null for all.' })
  endpoints: readonly string[] | null;

  @Field({
    description:
      'SHA-256 over what it said of each patient, by subject key: the same snapshot has the same hash.',
  })
  contentHash: string;

  @Access('ANALYST')
  @Field(() => Int, { description: 'Patients that it was asked about: all of the cohort.' })
  patientCount: number;

  @Access('ANALYST')
  @Field(() => Int, { description: 'Those of them that it did not know.' })
  unknownCount: number;

  @Access('ANALYST')
  @Field(() => Int, { description: 'Outcomes that it gave.' })
  outcomeCount: number;

  @Access('ANALYST')
  @Field(() => Int, {
    description: 'Those of them that were new; the others were there with the same values.',
  })
  addedCount: number;

  @Field({ description: 'When it had answered.' })
  fetchedAt: Date;
}

@Access('ANALYST')
@ObjectType('OutcomeValue', { description: "What an outcome says of a patient's endpoint." })
export class OutcomeValueType {
  @Field(() => Float, { description: 'The time to the event, or to the last visit where none was seen.' })
  time: number;

  @Field(() => TimeUnitEnum, { description: 'The unit of the time.' })
  timeUnit: TimeUnit;

  @Field({ description: 'Whether the event was seen.' })
  event: boolean;
}

@Access('ANALYST')
@ObjectType('OutcomeConflict', {
  description: 'An outcome that is there with other values than a registry gives.',
})
export class OutcomeConflictType {
  @Field({ description: "The patient's pseudonym." })
  subjectKey: string;

  @Field({ description: 'The endpoint.' })
  endpoint: string;

  @Field(() => OutcomeValueType, { description: 'What is there.' })
  present: OutcomeValueType;

  @Field(() => OutcomeValueType, { description: 'What the registry gives.' })
  given: OutcomeValueType;
}

@Access('ANALYST')
@ObjectType('OutcomeConflicts', { description: 'Why outcomes were not imported: nothing was added.' })
export class OutcomeConflictsType {
  @Field(() => Int, { description: 'How many outcomes are there with other values.' })
  total: number;

  @Field(() => [OutcomeConflictType], { description: 'The first 1000 of them, by subject key and endpoint.' })
  conflicts: readonly OutcomeConflictType[];
}

export const ImportedOutcomesType = createUnionType({
  name: 'ImportedOutcomes',
  description: 'What became of an import of outcomes.',
  types: () => [OutcomeImportType, OutcomeConflictsType] as const,
  resolveType: (result) => ('conflicts' in result ? OutcomeConflictsType : OutcomeImportType),
});
