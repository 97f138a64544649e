import { createUnionType, Field, Float, ObjectType } from 'type-graphql';
import type { FailureJson } from '../../engine/failure.ts';
import type { PatientPrediction } from '../../engine/study/index.ts';
import { Access } from '../rights/access.ts';
import { RiskGroupEnum } from './enums.ts';
import { FailureType } from './notice.ts';

@Access('READER')
@ObjectType('PredictedSurvival', { description: 'The probability of no event up to a time.' })
export class PredictedSurvivalType {
  @Field(() => Float, { description: "The time, in the model's unit." })
  horizon: number;

  @Field(() => Float, { description: 'The probability.' })
  survival: number;

  @Field(() => Float, { nullable: true, description: 'Its lower 95 % confidence limit.' })
  lower: number | null;

  @Field(() => Float, { nullable: true, description: 'Its upper 95 % confidence limit.' })
  upper: number | null;

  @Field({
    description:
      "Whether the model's patients were followed so long; past it the curve is merely carried on.",
  })
  isWithinFollowUp: boolean;
}

@Access('READER')
@ObjectType('NomogramPoints', { description: 'The points of one variable of a nomogram.' })
export class NomogramPointsType {
  @Field({ description: 'The variable.' })
  variable: string;

  @Field(() => Float, { description: 'Its points.' })
  points: number;
}

@Access('READER')
@ObjectType('PatientPrediction', { description: 'What a model says of a patient, whoever that is.' })
export class PatientPredictionType {
  @Field(() => Float, { nullable: true, description: 'The radscore; null for a model without one.' })
  radscore: number | null;

  @Field(() => Float, { description: 'The linear predictor, relative to the mean of the training patients.' })
  linearPredictor: number;

  @Field(() => RiskGroupEnum, { description: "The risk group by the model's cutpoint." })
  riskGroup: PatientPrediction['riskGroup'];

  @Field(() => [PredictedSurvivalType], { description: 'Survival at each horizon.' })
  survival: readonly PredictedSurvivalType[];

  @Field(() => [NomogramPointsType], {
    nullable: true,
    description: "The points of the model's nomogram; null where it has none.",
  })
  points: readonly NomogramPointsType[] | null;

  @Field(() => Float, { nullable: true, description: 'Their sum.' })
  totalPoints: number | null;
}

@Access('READER')
@ObjectType('UnpredictablePatient', {
  description:
    'A patient of whom the model can say nothing: a value that it needs is missing, or none that it knows.',
})
export class UnpredictablePatientType {
  @Field(() => FailureType, { description: 'Why; `details.covariate` names the value.' })
  failure: FailureJson;
}

export const PredictOutcomeType = createUnionType({
  name: 'PredictOutcome',
  description: 'What a model says of a patient, or why it says nothing.',
  types: () => [PatientPredictionType, UnpredictablePatientType] as const,
  resolveType: (outcome) => ('failure' in outcome ? UnpredictablePatientType : PatientPredictionType),
});
