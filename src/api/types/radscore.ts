import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { Radscore } from '../../engine/study/index.ts';
import { Access } from '../rights/access.ts';

@Access('READER')
@ObjectType('RadscoreFeature', { description: 'A feature of a radscore.' })
export class RadscoreFeatureType {
  @Field({ description: 'The feature, with its source and phase before it.' })
  name: string;

  @Field(() => Float, { description: 'The mean of the training patients.' })
  mean: number;

  @Field(() => Float, { description: 'The standard deviation of the training patients.' })
  standardDeviation: number;

  @Field(() => Float, { description: 'The coefficient of the standardised feature.' })
  coefficient: number;
}

@Access('READER')
@ObjectType('CrossValidation', {
  description: 'The cross-validation curve of a penalised Cox model; lists are by λ, the greatest first.',
})
export class CrossValidationType {
  @Field(() => [Float], { description: 'The λ.' })
  lambda: readonly number[];

  @Field(() => [Float], { description: 'Mean partial-likelihood deviance of the patients left out.' })
  mean: readonly number[];

  @Field(() => [Float], { description: 'Its standard error.' })
  standardError: readonly number[];

  @Field(() => [Int], { description: 'Features with a coefficient.' })
  nonZero: readonly number[];

  @Field(() => Int, { description: 'Index of the λ of least deviance.' })
  best: number;

  @Field(() => Int, { description: 'Index of the greatest λ within one standard error of it.' })
  oneStandardError: number;

  @Field(() => Int, { description: 'Index of the λ that is used.' })
  chosen: number;
}

@Access('READER')
@ObjectType('CoefficientPath', { description: "A feature's coefficient along the LASSO path." })
export class CoefficientPathType {
  @Field({ description: 'The feature.' })
  name: string;

  @Field(() => [Float], { description: 'By λ of the cross-validation.' })
  coefficients: readonly number[];
}

@Access('READER')
@ObjectType('Radscore', {
  description:
    'A LASSO-weighted sum of standardised features: Σ coefficient · (value − mean) / standardDeviation.',
})
export class RadscoreType {
  @Field(() => [RadscoreFeatureType], { description: 'Its features.' })
  features: Radscore['features'];

  @Field(() => Float, { description: 'The λ that was used.' })
  lambda: number;

  @Field(() => CrossValidationType, { description: 'The cross-validation that chose it.' })
  crossValidation: Radscore['crossValidation'];

  @Field(() => [CoefficientPathType], { description: 'The path of every feature that ever enters.' })
  path: Radscore['path'];
}
