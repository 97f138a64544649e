import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { Nomogram } from '../../engine/survival/index.ts';
import { Access } from '../rights/access.ts';
import { CovariateKindEnum } from './enums.ts';
import { WarningType } from './notice.ts';

@Access('READER')
@ObjectType('NomogramTick', { description: 'A tick of an axis of a nomogram.' })
export class NomogramTickType {
  @Field({ description: 'The level, or the value as text.' })
  label: string;

  @Field(() => Float, { nullable: true, description: 'The value; null for a level.' })
  value: number | null;

  @Field(() => Float, { description: 'The points that it is worth.' })
  points: number;
}

@Access('READER')
@ObjectType('NomogramAxis', { description: 'The axis of one variable of a nomogram.' })
export class NomogramAxisType {
  @Field({ description: 'The variable.' })
  name: string;

  @Field(() => CovariateKindEnum, { description: 'What its values are.' })
  kind: 'NUMERIC' | 'CATEGORICAL';

  @Field(() => [NomogramTickType], { description: 'Its ticks.' })
  ticks: readonly NomogramTickType[];
}

@Access('READER')
@ObjectType('PredictorTick', { description: 'A tick of the axis of the linear predictor.' })
export class PredictorTickType {
  @Field(() => Float, { description: 'The linear predictor.' })
  value: number;

  @Field(() => Float, { description: 'Where it stands on the axis of total points.' })
  points: number;
}

@Access('READER')
@ObjectType('SurvivalTick', { description: 'A tick of an axis of survival.' })
export class SurvivalTickType {
  @Field(() => Float, { description: 'The probability.' })
  probability: number;

  @Field(() => Float, { description: 'Where it stands on the axis of total points.' })
  points: number;
}

@Access('READER')
@ObjectType('SurvivalAxis', { description: 'Survival at one time as it is read off the total points.' })
export class SurvivalAxisType {
  @Field(() => Float, { description: "The time, in the endpoint's unit." })
  horizon: number;

  @Field(() => Int, { description: 'The stratum, from 0.' })
  stratum: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Survival where the linear predictor is 0; null past the last follow-up.',
  })
  baseline: number | null;

  @Field(() => [SurvivalTickType], { description: 'Its ticks.' })
  ticks: Nomogram['survival'][number]['ticks'];
}

@Access('READER')
@ObjectType('Nomogram', { description: 'A nomogram as data: every axis with its ticks, ready to be drawn.' })
export class NomogramType {
  @Field(() => Float, { description: 'Points that one unit of the linear predictor is worth.' })
  pointsPerUnit: number;

  @Field(() => Float, { description: 'Points of the longest axis.' })
  maximum: number;

  @Field(() => [NomogramAxisType], { description: "One axis a variable, in the model's order." })
  variables: readonly NomogramAxisType[];

  @Field(() => [Float], { description: 'Ticks of the axis of total points.' })
  totalPoints: readonly number[];

  @Field(() => [PredictorTickType], { description: 'Ticks of the axis of the linear predictor.' })
  linearPredictor: Nomogram['linearPredictor'];

  @Field(() => [SurvivalAxisType], { description: 'One axis a horizon.' })
  survival: Nomogram['survival'];

  @Field(() => [WarningType], { description: 'What is to be known about it.' })
  warnings: Nomogram['warnings'];
}

/** A nomogram with the graph's own words for kinds of variables. */
export function presentNomogram(nomogram: Nomogram): NomogramType {
  return {
    ...nomogram,
    variables: nomogram.variables.map((axis) => ({
      ...axis,
      kind: axis.kind === 'factor' ? 'CATEGORICAL' : 'NUMERIC',
    })),
  };
}
