import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { BinCount, LevelCount, NumberSummary } from '../../store/covariate-distribution.ts';
import type { CovariateDefinition } from '../../store/entities/cohort.ts';
import { Access } from '../rights/access.ts';
import { SuppressSmallCounts } from '../suppression/suppress-small-counts.ts';
import { CovariateDefinitionType } from './cohort.ts';

@Access('READER')
@ObjectType('CovariateLevelCount', { description: 'How often a level of a covariate occurs.' })
export class LevelCountType {
  @Field({ description: 'The level.' })
  level: string;

  @SuppressSmallCounts()
  @Field(() => Int, { nullable: true, description: 'Patients who have it; null where that is withheld.' })
  count: number | null;
}

@Access('READER')
@ObjectType('CovariateBinCount', { description: 'One bar of a histogram.' })
export class BinCountType {
  @Field(() => Float, {
    nullable: true,
    description: 'Where it begins; null for the bar of all numbers below the first edge.',
  })
  from: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Where it ends, which is not a part of it but in the last one; null for the bar of all numbers above the last edge.',
  })
  to: number | null;

  @SuppressSmallCounts()
  @Field(() => Int, {
    nullable: true,
    description: 'Patients whose number is in it; null where that is withheld.',
  })
  count: number | null;
}

@Access('READER')
@ObjectType('Quantile', { description: 'A quantile of numbers.' })
export class QuantileType {
  @Field(() => Float, { description: 'The share of numbers at or below it, from 0 to 1.' })
  probability: number;

  @Field(() => Float, {
    nullable: true,
    description: "It, interpolated as R's type 7; null without numbers, or where it is withheld.",
  })
  value: number | null;
}

@Access('READER')
@ObjectType('NumberSummary', { description: 'Some numbers in a few.' })
export class NumberSummaryType {
  @Field(() => Float, {
    nullable: true,
    description: 'The mean; null without numbers, or where it is withheld.',
  })
  mean: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The standard deviation of a sample; null for fewer than two, or where it is withheld.',
  })
  sd: number | null;

  @Field(() => [QuantileType], { description: 'The quantiles that were asked for.' })
  quantiles: NumberSummary['quantiles'];
}

@Access('READER')
@SuppressSmallCounts()
@ObjectType('CovariateCounts', { description: 'What values of a covariate some patients have.' })
export class CovariateCountsType {
  @SuppressSmallCounts({ isTotal: true })
  @Field(() => Int, { nullable: true, description: 'Patients; null where that is withheld.' })
  count: number | null;

  @SuppressSmallCounts()
  @Field(() => Int, {
    nullable: true,
    description: 'Those of them whose value is not known; null where that is withheld.',
  })
  missing: number | null;

  @Field(() => [LevelCountType], {
    nullable: true,
    description:
      'By level, in the order of the definition and those with none included; null for a numeric covariate.',
  })
  levels: readonly LevelCount[] | null;

  @Field(() => [BinCountType], {
    nullable: true,
    description: 'The histogram, in which every known number is counted; null for a categorical covariate.',
  })
  bins: readonly BinCount[] | null;

  @Field(() => NumberSummaryType, {
    nullable: true,
    description: 'Mean, spread and quantiles; null for a categorical covariate.',
  })
  summary: NumberSummary | null;
}

@Access('READER')
@ObjectType('CovariateGroup', { description: 'Patients who have the same of what they are grouped by.' })
export class CovariateGroupType {
  @Field(() => String, {
    nullable: true,
    description: 'Their level of the covariate that they are grouped by; null where they lack it.',
  })
  level: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Grouped by an outcome, whether their event was seen; null where they have no such outcome.',
  })
  event: boolean | null;

  @Field(() => CovariateCountsType, { description: 'What values they have.' })
  counts: CovariateCountsType;
}

@Access('READER')
@ObjectType('CovariateDistribution', {
  description: 'How the values of a covariate are distributed among patients.',
})
export class CovariateDistributionType {
  @Field(() => CovariateDefinitionType, { description: 'The covariate.' })
  covariate: CovariateDefinition;

  @Field(() => CovariateCountsType, { description: 'All of the patients.' })
  all: CovariateCountsType;

  @Field(() => [CovariateGroupType], {
    nullable: true,
    description:
      'By group, with the same levels and bins: each level or event, then those who lack it. Null unless `by` was asked for.',
  })
  groups: readonly CovariateGroupType[] | null;
}
