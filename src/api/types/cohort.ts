import { Field, ID, ObjectType } from 'type-graphql';
import type { CovariateKind } from '../../store/entities/cohort.ts';
import { Key, Shareable } from '../federation/directives.ts';
import { Access } from '../rights/access.ts';
import { CovariateKindEnum } from './enums.ts';

@Access('READER')
@Shareable()
@ObjectType('CovariateDefinition', { description: 'What a covariate of a cohort is.' })
export class CovariateDefinitionType {
  @Field({ description: 'Its name, unique in the cohort.' })
  name: string;

  @Field(() => CovariateKindEnum, { description: 'What its values are.' })
  kind: CovariateKind;

  @Field(() => String, { nullable: true, description: 'The unit of a numeric covariate.' })
  unit?: string;

  @Field(() => [String], {
    nullable: true,
    description: 'The levels of a categorical covariate, the reference first.',
  })
  levels?: readonly string[];

  @Field(() => String, { nullable: true, description: 'What it means.' })
  description?: string;
}

@Access('READER')
@Key('id')
@Key('key')
@ObjectType('Cohort', { description: 'A named set of patients that are studied together.' })
export class CohortType {
  @Field(() => ID, { description: 'The identifier.' })
  id: string;

  @Field({ description: 'A short unique name, chosen by its creator.' })
  key: string;

  @Field({ description: 'The name for display.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'What the cohort is.' })
  description: string | null;

  @Field({ description: 'When it was created.' })
  createdAt: Date;
}
