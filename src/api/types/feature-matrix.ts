import { Field, ID, Int, ObjectType } from 'type-graphql';
import { PageInfo } from '../paging.ts';
import { Access } from '../rights/access.ts';
import { FloatMatrix, FloatVector } from '../scalars.ts';
import { ExtractionProfileType } from './feature.ts';

@Access('ANALYST')
@ObjectType('FeatureMatrixRow', { description: 'A row of a feature matrix: one feature vector.' })
export class FeatureMatrixRowType {
  @Field(() => ID, { description: 'The feature vector.' })
  featureVectorId: string;

  @Field(() => FloatVector, { description: "The values in the order of the matrix's names." })
  values: Promise<Float64Array>;
}

@Access('ANALYST')
@ObjectType('FeatureMatrix', {
  description:
    'A page of a feature matrix: a row a feature vector, a column a feature. As lists of numbers ask for the values of the rows, as bytes for those of the matrix, which is faster and shorter.',
})
export class FeatureMatrixType {
  @Field(() => ExtractionProfileType, { description: 'The profile, which names the features.' })
  profile: ExtractionProfileType;

  @Field(() => [String], { description: 'The names of the columns, in order.' })
  names: readonly string[];

  @Field(() => [FeatureMatrixRowType], { description: 'The rows, by subject key.' })
  rows: readonly FeatureMatrixRowType[];

  @Field(() => FloatMatrix, { description: 'The values, row after row.' })
  values: Promise<Buffer>;

  @Field(() => PageInfo, { description: 'Where the page lies in the list of all rows.' })
  pageInfo: PageInfo;

  @Field(() => Int, { description: 'How many rows there are; counted only when asked for.' })
  totalCount: number;
}
