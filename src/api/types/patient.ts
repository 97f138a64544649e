import { Field, Float, ID, ObjectType } from 'type-graphql';
import type { TimeUnit } from '../../engine/study/time-unit.ts';
import { Key, Shareable } from '../federation/directives.ts';
import { Access } from '../rights/access.ts';
import { TimeUnitEnum } from './enums.ts';

@Access('ANALYST')
@Key('id')
@Key('cohort { key } subjectKey')
@ObjectType('Patient', { description: 'A patient of one cohort, known by a pseudonym.' })
export class PatientType {
  @Field(() => ID, { description: 'The identifier.' })
  id: string;

  @Field({ description: "The patient's pseudonym, unique in the cohort." })
  subjectKey: string;

  @Field(() => String, {
    nullable: true,
    description: 'Where the patient was seen; null where the cohort has no sites.',
  })
  site: string | null;

  @Field({ description: 'When the patient was added.' })
  createdAt: Date;
}

@Access('ANALYST')
@Shareable()
@ObjectType('CovariateValue', {
  description: "A patient's value of a covariate: a number or a level. Missing values are not listed.",
})
export class CovariateValueType {
  @Field({ description: "The covariate's name." })
  name: string;

  @Field(() => Float, { nullable: true, description: 'The value of a numeric covariate.' })
  number: number | null;

  @Field(() => String, { nullable: true, description: 'The level of a categorical covariate.' })
  level: string | null;
}

@Access('ANALYST')
@ObjectType('Outcome', { description: "A patient's follow-up for one endpoint." })
export class OutcomeType {
  @Field(() => ID, { description: 'The identifier.' })
  id: string;

  @Field({ description: 'The endpoint, e.g. `DFS` or `OS`.' })
  endpoint: string;

  @Field(() => Float, { description: 'The time to the event, or to the last visit where none was seen.' })
  time: number;

  @Field(() => TimeUnitEnum, { description: 'The unit of the time.' })
  timeUnit: TimeUnit;

  @Field({ description: 'Whether the event was seen; if not, the time is censored.' })
  event: boolean;
}
