import { createUnionType, Field, Float, Int, ObjectType } from 'type-graphql';
import type { CategoricalCharacteristic, NumericCharacteristic } from '../../engine/study/index.ts';
import { Access } from '../rights/access.ts';
import { SuppressSmallCounts } from '../suppression/suppress-small-counts.ts';
import { CharacteristicTestEnum } from './enums.ts';

@Access('READER')
@SuppressSmallCounts()
@ObjectType('NumericSummary', { description: 'A numeric characteristic of one group of patients.' })
export class NumericSummaryType {
  @SuppressSmallCounts()
  @Field(() => Int, { nullable: true, description: 'Patients who have it; null where that is withheld.' })
  patients: number | null;

  @SuppressSmallCounts()
  @Field(() => Int, { nullable: true, description: 'Patients who lack it; null where that is withheld.' })
  missing: number | null;

  @Field(() => Float, { nullable: true, description: 'The mean.' })
  mean: number | null;

  @Field(() => Float, { nullable: true, description: 'The standard deviation.' })
  standardDeviation: number | null;

  @Field(() => Float, { nullable: true, description: 'The median.' })
  median: number | null;

  @Field(() => Float, { nullable: true, description: 'The lower quartile.' })
  lowerQuartile: number | null;

  @Field(() => Float, { nullable: true, description: 'The upper quartile.' })
  upperQuartile: number | null;

  @Field(() => Float, { nullable: true, description: 'The p-value of the Shapiro–Wilk test.' })
  normalityP: number | null;
}

@Access('READER')
@ObjectType('NumericCharacteristic', { description: 'A numeric line of Table 1.' })
export class NumericCharacteristicType {
  @Field({ description: 'The covariate.' })
  name: string;

  @Field(() => NumericSummaryType, { description: 'Of the training patients.' })
  training: NumericCharacteristic['training'];

  @Field(() => NumericSummaryType, { description: 'Of the validation patients.' })
  validation: NumericCharacteristic['validation'];

  @Field(() => CharacteristicTestEnum, { nullable: true, description: 'How the two are compared.' })
  test: NumericCharacteristic['test'];

  @Field(() => Float, { nullable: true, description: 'The p-value of the comparison.' })
  p: number | null;
}

@Access('READER')
@ObjectType('LevelCount', { description: 'How many patients have a level.' })
export class LevelCountType {
  @Field({ description: 'The level.' })
  level: string;

  @SuppressSmallCounts({ column: 'training' })
  @Field(() => Int, { nullable: true, description: 'Training patients; null where that is withheld.' })
  training: number | null;

  @SuppressSmallCounts({ column: 'validation' })
  @Field(() => Int, { nullable: true, description: 'Validation patients; null where that is withheld.' })
  validation: number | null;
}

@Access('READER')
@ObjectType('MissingCount', { description: 'How many patients lack a covariate.' })
export class MissingCountType {
  @SuppressSmallCounts({ column: 'training' })
  @Field(() => Int, { nullable: true, description: 'Training patients; null where that is withheld.' })
  training: number | null;

  @SuppressSmallCounts({ column: 'validation' })
  @Field(() => Int, { nullable: true, description: 'Validation patients; null where that is withheld.' })
  validation: number | null;
}

@Access('READER')
@SuppressSmallCounts()
@ObjectType('CategoricalCharacteristic', { description: 'A categorical line of Table 1.' })
export class CategoricalCharacteristicType {
  @Field({ description: 'The covariate.' })
  name: string;

  @Field(() => [LevelCountType], { description: 'By level, the reference first.' })
  levels: CategoricalCharacteristic['levels'];

  @Field(() => MissingCountType, { description: 'Who lacks it.' })
  missing: CategoricalCharacteristic['missing'];

  @Field(() => CharacteristicTestEnum, { nullable: true, description: 'How the two groups are compared.' })
  test: CategoricalCharacteristic['test'];

  @Field(() => Float, { nullable: true, description: 'The p-value of the comparison.' })
  p: number | null;
}

export const CharacteristicType = createUnionType({
  name: 'Characteristic',
  description: 'A line of Table 1: a covariate in training and in validation.',
  types: () => [NumericCharacteristicType, CategoricalCharacteristicType] as const,
  resolveType: (row) => ('levels' in row ? CategoricalCharacteristicType : NumericCharacteristicType),
});
