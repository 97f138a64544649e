import { GraphQLJSON } from 'graphql-scalars';
import { Field, ObjectType } from 'type-graphql';
import type { Subset } from '../../engine/study/index.ts';
import { Access } from '../rights/access.ts';
import { SubsetEnum } from './enums.ts';
import { Concordance } from './survival.ts';

@Access('READER')
@ObjectType('SpecificationDifference', { description: 'A field in which specifications of studies differ.' })
export class SpecificationDifferenceType {
  @Field({ description: 'The field, e.g. `univariateP`.' })
  field: string;

  @Field(() => [GraphQLJSON], { description: 'Its value in each study, in the order asked for.' })
  values: unknown[];
}

@Access('READER')
@ObjectType('ConcordanceComparison', {
  description: 'The C-indices of one model of one endpoint in one subset, side by side.',
})
export class ConcordanceComparisonType {
  @Field({ description: 'The endpoint.' })
  endpoint: string;

  @Field({ description: 'The model.' })
  model: string;

  @Field(() => SubsetEnum, { description: 'The subset.' })
  subset: Subset;

  @Field(() => [Concordance], {
    nullable: 'items',
    description: 'In each study, in the order asked for; null where it has no such model.',
  })
  concordance: (Concordance | null)[];
}
