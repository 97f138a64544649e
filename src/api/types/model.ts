import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { RiskGroup, Subset } from '../../engine/study/prognosis-event.ts';
import { Key } from '../federation/directives.ts';
import { Access } from '../rights/access.ts';
import { RiskGroupEnum, SubsetEnum } from './enums.ts';

@Access('READER')
@Key('id')
@ObjectType('Model', { description: 'A Cox proportional hazards model, fitted to a cohort.' })
export class ModelType {
  @Field(() => ID, { description: 'The identifier.' })
  id: string;

  @Field({ description: 'The endpoint.' })
  endpoint: string;

  @Field(() => String, {
    nullable: true,
    description: 'Its name in the study, e.g. `CT+MR`; null where it was fitted by itself.',
  })
  name: string | null;

  @Access('ANALYST')
  @Field(() => GraphQLJSONObject, {
    description: 'What was asked for: endpoint, covariates, features, ties, split.',
  })
  specification: object;

  @Field({
    description:
      'A hash over the specification, every input value and the engine: equal keys have equal results.',
  })
  contentKey: string;

  @Field(() => Int, {
    description:
      'Patients whom it was made of and who were erased since: what was made of all stays, what was said of each is gone.',
  })
  erasedPatients: number;

  @Field({ description: 'When it was fitted.' })
  createdAt: Date;
}

@Access('ANALYST')
@ObjectType('Prediction', { description: 'What a model says of one patient.' })
export class PredictionType {
  @Field(() => ID, { description: 'The identifier.' })
  id: string;

  @Field(() => SubsetEnum, {
    description: 'Whether the model was fitted to the patient or checked on the patient.',
  })
  subset: Subset;

  @Field(() => Float, { description: 'The linear predictor, relative to the mean of the training patients.' })
  linearPredictor: number;

  @Field(() => Float, {
    nullable: true,
    description: 'The radscore; null for a model without one.',
  })
  radscore: number | null;

  @Field(() => RiskGroupEnum, { description: "The risk group by the model's cutpoint." })
  riskGroup: RiskGroup;
}
