import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { RiskGroup, Subset } from '../../engine/study/prognosis-event.ts';
import { Access } from '../rights/access.ts';
import { SuppressSmallCounts } from '../suppression/suppress-small-counts.ts';
import { RiskGroupEnum, SubsetEnum } from './enums.ts';

@Access('READER')
@ObjectType({ description: 'A χ² test.' })
export class ChiSquared {
  @Field(() => Float, { description: 'The χ² statistic.' })
  statistic: number;

  @Field(() => Int, { description: 'Degrees of freedom.' })
  degreesOfFreedom: number;

  @Field(() => Float, { description: 'The p-value.' })
  p: number;
}

@Access('READER')
@ObjectType({
  description: "One line of a Cox model's table; null throughout where the covariate was left out.",
})
export class Coefficient {
  @Field({ description: 'The covariate; a level of a categorical one is appended to its name.' })
  name: string;

  @Field(() => Float, { nullable: true, description: 'The log hazard ratio of one unit.' })
  coefficient: number | null;

  @Field(() => Float, { nullable: true, description: 'Its standard error.' })
  standardError: number | null;

  @Field(() => Float, { nullable: true, description: 'Coefficient over standard error.' })
  z: number | null;

  @Field(() => Float, { nullable: true, description: "The two-sided p-value of Wald's test." })
  p: number | null;

  @Field(() => Float, { nullable: true, description: 'The hazard ratio of one unit.' })
  hazardRatio: number | null;

  @Field(() => Float, { nullable: true, description: 'Its lower 95 % confidence limit.' })
  hazardRatioLower: number | null;

  @Field(() => Float, { nullable: true, description: 'Its upper 95 % confidence limit.' })
  hazardRatioUpper: number | null;
}

@Access('READER')
@ObjectType({
  description: "Harrell's C of a model's linear predictor in one subset; null where no pair can be compared.",
})
export class Concordance {
  @Field(() => SubsetEnum, { description: 'The patients that it was computed on.' })
  subset: Subset;

  @Field(() => Float, { nullable: true, description: 'The C-index.' })
  estimate: number | null;

  @Field(() => Float, { nullable: true, description: 'Its standard error, by the infinitesimal jackknife.' })
  standardError: number | null;

  @Field(() => Float, { nullable: true, description: 'The lower 95 % confidence limit, within 0 and 1.' })
  lower: number | null;

  @Field(() => Float, { nullable: true, description: 'The upper 95 % confidence limit, within 0 and 1.' })
  upper: number | null;

  @Field(() => Float, { description: 'Pairs of patients that can be compared.' })
  comparablePairs: number;
}

@Access('READER')
@SuppressSmallCounts()
@ObjectType({ description: 'A Kaplan–Meier curve: one step at each distinct time of follow-up.' })
export class SurvivalCurve {
  @Field(() => SubsetEnum, { description: 'The part of the cohort.' })
  subset: Subset;

  @Field(() => RiskGroupEnum, { description: 'The risk group.' })
  riskGroup: RiskGroup;

  @SuppressSmallCounts({ column: 'patients' })
  @Field(() => Int, { nullable: true, description: 'Patients in the group; null where that is withheld.' })
  patients: number | null;

  @SuppressSmallCounts({ column: 'events' })
  @Field(() => Int, { nullable: true, description: 'Events in the group; null where that is withheld.' })
  events: number | null;

  @Field(() => [Float], { description: 'The distinct times, rising.' })
  time: number[];

  @Field(() => [Float], { description: 'Survival just after each time.' })
  survival: number[];

  @Field(() => [Float], {
    nullable: 'items',
    description: 'Lower 95 % confidence limits (log transformation); null where survival is 0.',
  })
  lower: (number | null)[];

  @Field(() => [Float], {
    nullable: 'items',
    description: 'Upper 95 % confidence limits (log transformation); null where survival is 0.',
  })
  upper: (number | null)[];

  @Field(() => [Int], { description: 'Patients at risk just before each time.' })
  atRisk: number[];

  @Field(() => [Int], { description: 'Events at each time.' })
  eventCount: number[];

  @Field(() => [Int], { description: 'Patients censored at each time.' })
  censoredCount: number[];

  @Field(() => Float, {
    nullable: true,
    description: 'The median survival time; null where the curve does not fall to one half.',
  })
  median: number | null;

  @Field(() => Float, { nullable: true, description: 'Its lower 95 % confidence limit.' })
  medianLower: number | null;

  @Field(() => Float, { nullable: true, description: 'Its upper 95 % confidence limit.' })
  medianUpper: number | null;
}

@Access('READER')
@ObjectType({ description: 'The log-rank test between the risk groups of one subset.' })
export class RiskComparison {
  @Field(() => SubsetEnum, { description: 'The part of the cohort.' })
  subset: Subset;

  @Field({ description: 'The log-rank test.' })
  logRank: ChiSquared;
}
