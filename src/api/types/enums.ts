import { registerEnumType } from 'type-graphql';

/** A GraphQL enum whose values are their own names. */
function stringEnum<const T extends string>(
  name: string,
  description: string,
  values: Readonly<Record<T, string>>,
): { readonly [K in T]: K } {
  const keys = Object.keys(values) as T[];
  const object = Object.fromEntries(keys.map((key) => [key, key])) as { readonly [K in T]: K };
  registerEnumType(object, {
    name,
    description,
    valuesConfig: Object.fromEntries(keys.map((key) => [key, { description: values[key] }])) as never,
  });
  return object;
}

export const TimeUnitEnum = stringEnum('TimeUnit', 'The unit of survival times.', {
  DAYS: 'Days.',
  MONTHS: 'Months, the default everywhere.',
  YEARS: 'Years.',
});

export const CovariateKindEnum = stringEnum('CovariateKind', 'What the values of a covariate are.', {
  NUMERIC: 'Numbers.',
  CATEGORICAL: 'Levels; the first one is the reference in a model.',
});

export const JobKindEnum = stringEnum('JobKind', 'What a job does.', {
  EXTRACTION: 'Extracts the radiomics features of a cohort.',
  COX_FIT: 'Fits a Cox model to a cohort.',
});

export const JobStateEnum = stringEnum('JobState', 'How far a job is.', {
  QUEUED: 'Waiting for its turn.',
  RUNNING: 'At work.',
  COMPLETED: 'Ended with a result.',
  FAILED: 'Ended by a failure.',
  CANCELLED: 'Ended by request.',
});

export const TiesEnum = stringEnum('Ties', 'How a Cox model treats events at the same time.', {
  EFRON: "Efron's approximation, the default, as in R.",
  BRESLOW: "Breslow's approximation.",
});

export const SubsetEnum = stringEnum('Subset', 'The part of a cohort that a number was computed on.', {
  TRAINING: 'The patients that the model was fitted to.',
  VALIDATION: 'The patients that were held out.',
});

export const RiskGroupEnum = stringEnum(
  'RiskGroup',
  "A patient's group by the model's cutpoint of the linear predictor.",
  {
    LOW: 'At or below the cutpoint.',
    HIGH: 'Above the cutpoint.',
  },
);
