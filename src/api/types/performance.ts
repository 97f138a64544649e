import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { HorizonCalibration, HorizonPerformance, Optimism, Subset } from '../../engine/study/index.ts';
import { Access } from '../rights/access.ts';
import { SuppressSmallCounts } from '../suppression/suppress-small-counts.ts';
import { OptimismMethodEnum, SubsetEnum } from './enums.ts';
import { Coefficient } from './survival.ts';

@Access('READER')
@ObjectType('DecisionCurve', {
  description: 'Net benefit of acting on a model; that of treating nobody is 0.',
})
export class DecisionCurveType {
  @Field(() => [Float], { description: 'Threshold probabilities.' })
  threshold: readonly number[];

  @Field(() => [Float], { description: 'Net benefit of the model at each.' })
  netBenefit: readonly number[];

  @Field(() => [Float], { description: 'Net benefit of treating everybody at each.' })
  treatAll: readonly number[];
}

@Access('READER')
@ObjectType('HorizonPerformance', { description: 'How well a model predicts survival at one time.' })
export class HorizonPerformanceType {
  @Field(() => Float, { description: "The time, in the endpoint's unit." })
  horizon: number;

  @Field(() => Float, { nullable: true, description: 'Time-dependent area under the ROC curve.' })
  auc: number | null;

  @Field(() => Float, { nullable: true, description: 'The Brier score.' })
  brier: number | null;

  @Field(() => Float, { nullable: true, description: 'The Brier score of the Kaplan–Meier curve.' })
  referenceBrier: number | null;

  @Field(() => DecisionCurveType, { nullable: true, description: 'The decision curve.' })
  decision: HorizonPerformance['decision'];
}

@Access('READER')
@ObjectType('SubsetPerformance', { description: 'How well a model does on one subset.' })
export class SubsetPerformanceType {
  @Field(() => SubsetEnum, { description: 'The patients that it was computed on.' })
  subset: Subset;

  @SuppressSmallCounts()
  @Field(() => Int, { nullable: true, description: 'How many; null where that is withheld.' })
  patients: number | null;

  @SuppressSmallCounts()
  @Field(() => Int, { nullable: true, description: 'Events among them; null where that is withheld.' })
  events: number | null;

  @Field(() => Float, { nullable: true, description: "Uno's C." })
  uno: number | null;

  @Field(() => Float, { nullable: true, description: 'Its standard error.' })
  unoStandardError: number | null;

  @Field(() => [HorizonPerformanceType], { description: 'By horizon.' })
  horizons: readonly HorizonPerformance[];

  @Field(() => Float, { nullable: true, description: 'The integrated Brier score.' })
  integratedBrier: number | null;

  @Field(() => Coefficient, { nullable: true, description: 'High against low risk.' })
  hazardRatio: Coefficient | null;
}

@Access('READER')
@SuppressSmallCounts()
@ObjectType('CalibrationPoint', {
  description: 'Predicted against observed survival of a group of patients.',
})
export class CalibrationPointType {
  @SuppressSmallCounts({ column: 'patients' })
  @Field(() => Int, { nullable: true, description: 'Patients in the group; null where that is withheld.' })
  patients: number | null;

  @SuppressSmallCounts({ column: 'events' })
  @Field(() => Int, { nullable: true, description: 'Events in the group; null where that is withheld.' })
  events: number | null;

  @Field(() => Float, { nullable: true, description: 'Mean predicted survival.' })
  predicted: number | null;

  @Field(() => Float, { nullable: true, description: 'Survival by Kaplan–Meier.' })
  observed: number | null;

  @Field(() => Float, { nullable: true, description: 'Its lower 95 % confidence limit.' })
  lower: number | null;

  @Field(() => Float, { nullable: true, description: 'Its upper 95 % confidence limit.' })
  upper: number | null;

  @Field(() => Float, {
    nullable: true,
    description: "Observed survival less the bootstrap's optimism; null in validation.",
  })
  corrected: number | null;
}

@Access('READER')
@ObjectType('SmoothCalibrationPoint', { description: 'A point of a smooth calibration curve.' })
export class SmoothCalibrationPointType {
  @Field(() => Float, { description: 'Predicted survival.' })
  predicted: number;

  @Field(() => Float, { description: 'The survival that the data show where so much is predicted.' })
  observed: number;

  @Field(() => Float, { description: 'Its lower pointwise 95 % confidence limit.' })
  lower: number;

  @Field(() => Float, { description: 'Its upper pointwise 95 % confidence limit.' })
  upper: number;
}

@Access('READER')
@ObjectType('SmoothedCalibration', { description: 'Calibration without groups.' })
export class SmoothedCalibrationType {
  @Field(() => [SmoothCalibrationPointType], { description: 'The curve.' })
  curve: NonNullable<HorizonCalibration['smooth']>['curve'];

  @Field(() => Float, { description: 'Mean of |observed − predicted| over the patients.' })
  ici: number;

  @Field(() => Float, { description: 'Its median.' })
  e50: number;

  @Field(() => Float, { description: 'Its 90th percentile.' })
  e90: number;
}

@Access('READER')
@ObjectType('HorizonCalibration', {
  description: 'Calibration at one time, in groups of about equal size by the prediction and as a curve.',
})
export class HorizonCalibrationType {
  @Field(() => Float, { description: "The time, in the endpoint's unit." })
  horizon: number;

  @Field(() => SubsetEnum, { description: 'The patients that it was computed on.' })
  subset: Subset;

  @Field(() => [CalibrationPointType], { description: 'The groups.' })
  groups: HorizonCalibration['groups'];

  @Field(() => SmoothedCalibrationType, {
    nullable: true,
    description: 'The curve; null where the patients are too few for one.',
  })
  smooth: HorizonCalibration['smooth'];
}

@Access('READER')
@ObjectType('Optimism', {
  description: "By how much a model's C-index in training flatters it, as the bootstrap estimates it.",
})
export class OptimismType {
  @Field(() => OptimismMethodEnum, { description: 'How.' })
  method: Optimism['method'];

  @Field(() => Int, { description: 'Resamples.' })
  replicates: number;

  @Field(() => Int, { description: 'Resamples without a model, which count as a C of one half.' })
  failed: number;

  @Field(() => Float, { description: 'The C-index in training.' })
  apparent: number;

  @Field(() => Float, { description: 'By how much it flatters.' })
  optimism: number;

  @Field(() => Float, { description: 'The corrected C-index.' })
  corrected: number;

  @Field(() => Float, { description: 'Its lower 95 % limit.' })
  lower: number;

  @Field(() => Float, { description: 'Its upper 95 % limit.' })
  upper: number;
}

@Access('READER')
@ObjectType('ProportionalHazardsTest', { description: "Whether a term's hazard ratio changes with time." })
export class ProportionalHazardsTestType {
  @Field({ description: 'The term, or `GLOBAL` for all together.' })
  term: string;

  @Field(() => Float, { description: 'The χ² statistic.' })
  statistic: number;

  @Field(() => Int, { description: 'Degrees of freedom.' })
  degreesOfFreedom: number;

  @Field(() => Float, { description: 'The p-value.' })
  p: number;
}

@Access('READER')
@ObjectType('CutpointTest', { description: 'The maximally selected log-rank test of a cutpoint.' })
export class CutpointTestType {
  @Field(() => Float, { description: 'The greatest standardised log-rank statistic.' })
  statistic: number;

  @Field(() => Float, { description: 'Its p-value, for having been selected.' })
  p: number;
}

@Access('READER')
@ObjectType('ModelComparison', {
  description: "The difference of two models' C-indices on the patients whom both can predict.",
})
export class ModelComparisonType {
  @Field(() => SubsetEnum, { description: 'The patients that it was computed on.' })
  subset: Subset;

  @Field({ description: 'The one model.' })
  first: string;

  @Field({ description: 'The other model.' })
  second: string;

  @SuppressSmallCounts()
  @Field(() => Int, { nullable: true, description: 'How many patients; null where that is withheld.' })
  patients: number | null;

  @Field(() => Float, { description: 'C of the second less C of the first.' })
  difference: number;

  @Field(() => Float, { description: 'Its standard error.' })
  standardError: number;

  @Field(() => Float, { description: 'The p-value of no difference.' })
  p: number;

  @Field(() => Float, { nullable: true, description: 'Lower 95 % limit by the paired bootstrap.' })
  lower: number | null;

  @Field(() => Float, { nullable: true, description: 'Upper 95 % limit by the paired bootstrap.' })
  upper: number | null;
}
