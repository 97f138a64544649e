import { Field, Float, InputType } from 'type-graphql';
import { Failure } from '../engine/failure.ts';
import type { NumberRange, PatientFilter } from '../store/patient-filter.ts';
import { withoutNulls } from './arguments.ts';
import { CovariateMatchInput } from './study-input.ts';

@InputType({ description: 'Numbers from one to another, both included; an absent end is open.' })
class NumberRangeInput implements NumberRange {
  @Field(() => Float, { nullable: true, description: 'The least.' })
  from?: number | null;

  @Field(() => Float, { nullable: true, description: 'The greatest.' })
  to?: number | null;
}

@InputType({ description: 'What is asked of a covariate: one of these. A missing value has no value.' })
class CovariateConditionInput {
  @Field(() => [CovariateMatchInput], { nullable: true, description: 'It has one of the values.' })
  in?: CovariateMatchInput[];

  @Field(() => NumberRangeInput, { nullable: true, description: 'It is a number in the range.' })
  range?: NumberRangeInput;

  @Field(() => Boolean, { nullable: true, description: 'It is known, or it is missing.' })
  known?: boolean;
}

@InputType({ description: 'A condition on a covariate.' })
class CovariateFilterInput {
  @Field({ description: "The covariate's name." })
  name: string;

  @Field(() => CovariateConditionInput, { description: 'What is asked of it.' })
  is: CovariateConditionInput;
}

@InputType({ description: 'What is asked of an outcome: one of these.' })
class OutcomeConditionInput {
  @Field(() => Boolean, { nullable: true, description: 'The patient has it, or has not.' })
  known?: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description: 'The patient has it, and the event was seen, or was not.',
  })
  event?: boolean;

  @Field(() => NumberRangeInput, {
    nullable: true,
    description: 'The patient has it, with a time in the range, in the unit that it was given in.',
  })
  time?: NumberRangeInput;
}

@InputType({ description: 'A condition on the outcome for an endpoint.' })
class OutcomeFilterInput {
  @Field({ description: 'The endpoint.' })
  endpoint: string;

  @Field(() => OutcomeConditionInput, { description: 'What is asked of it.' })
  is: OutcomeConditionInput;
}

@InputType({ description: 'The patient has a scan that is all of these.' })
class ScanFilterInput {
  @Field(() => String, { nullable: true, description: 'DICOM Modality.' })
  modality?: string | null;

  @Field(() => String, { nullable: true, description: 'Contrast phase; empty for scans without.' })
  phase?: string | null;

  @Field(() => String, { nullable: true, description: 'Who drew a region on it.' })
  reader?: string | null;
}

@InputType({
  description:
    'Which patients: one condition, or several put together. A patient who lacks what is asked for does not match, and matches its `not`.',
})
export class PatientFilterInput {
  @Field(() => [PatientFilterInput], { nullable: true, description: 'All of them hold.' })
  all?: PatientFilterInput[];

  @Field(() => [PatientFilterInput], { nullable: true, description: 'At least one of them holds.' })
  any?: PatientFilterInput[];

  @Field(() => PatientFilterInput, { nullable: true, description: 'It does not hold.' })
  not?: PatientFilterInput;

  @Field(() => CovariateFilterInput, { nullable: true, description: 'By a covariate.' })
  covariate?: CovariateFilterInput;

  @Field(() => OutcomeFilterInput, { nullable: true, description: 'By an outcome.' })
  outcome?: OutcomeFilterInput;

  @Field(() => ScanFilterInput, { nullable: true, description: 'By a scan.' })
  scan?: ScanFilterInput;

  @Field(() => [String], { nullable: true, description: 'By pseudonym: any of these.' })
  subjectKeys?: string[];

  @Field(() => [String], { nullable: true, description: 'By site: any of these.' })
  sites?: string[];
}

/** Conditions that hold other conditions end at some depth: the stack does too. */
const maxDepth = 20;

/** The filter that an input asks for. Throws `LIMIT_EXCEEDED` for one that is too deep. */
export function toPatientFilter(
  { all, any, not, covariate, ...rest }: PatientFilterInput,
  depth = 1,
): PatientFilter {
  if (depth > maxDepth)
    throw new Failure('LIMIT_EXCEEDED', `filter is more than ${maxDepth} conditions deep`, {
      field: 'filter',
      limit: maxDepth,
    });
  const inner = (input: PatientFilterInput) => toPatientFilter(input, depth + 1);
  if (all) return { all: all.map(inner) };
  if (any) return { any: any.map(inner) };
  if (not) return { not: inner(not) };
  if (!covariate) return withoutNulls(rest);
  const { in: values, ...is } = covariate.is;
  const condition = values ? { in: values.map(({ number, level }) => number ?? (level as string)) } : is;
  return { covariate: { name: covariate.name, is: condition } };
}
