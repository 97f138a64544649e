import { Field, Float, InputType, Int } from 'type-graphql';

@InputType({
  description:
    'How to divide the patients into those that the model is fitted to and those that it is checked on.',
})
export class SplitInput {
  @Field(() => Float, {
    defaultValue: 0.7,
    description: 'The part that goes to training, above 0 and below 1.',
  })
  trainingFraction: number;

  @Field(() => Int, {
    defaultValue: 1,
    description: 'The seed: the same seed divides the same patients alike.',
  })
  seed: number;

  @Field({
    defaultValue: true,
    description: 'Whether events and censored patients are divided each by the fraction.',
  })
  stratifyByEvent: boolean;
}
