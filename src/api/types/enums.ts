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

export const SortDirectionEnum = stringEnum('SortDirection', 'Which of a sorted list comes first.', {
  ASC: 'The least.',
  DESC: 'The greatest.',
});

export const RoleEnum = stringEnum(
  'Role',
  'What somebody may do on a cohort, at one of its sites or all. Each role may do what those before it may.',
  {
    READER: 'Reads aggregates and results; no rows of patients.',
    ANALYST:
      'Reads rows of patients without what identifies them; extracts features, fits models, runs studies.',
    CURATOR: 'Adds and changes data, and sees identifying covariates.',
    ADMIN: 'Gives and withdraws rights, makes and revokes keys, erases, reads the audit log.',
  },
);

export const PrincipalKindEnum = stringEnum('PrincipalKind', 'How somebody signed in.', {
  DEVELOPMENT: 'By the development sign-in of this machine.',
  TOKEN: 'By a token of the OpenID Connect issuer.',
  API_KEY: 'By an API key.',
});

export const JobKindEnum = stringEnum('JobKind', 'What a job does.', {
  EXTRACTION: 'Extracts the radiomics features of a cohort.',
  COX_FIT: 'Fits a Cox model to a cohort.',
  STUDY: 'Runs a study.',
  COHORT_ERASURE: 'Erases all patients of a cohort.',
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

export const RepeatKindEnum = stringEnum(
  'RepeatKind',
  'What a second reading is compared to the first for.',
  {
    WITHIN_READER: 'Agreement of a reader with himself.',
    BETWEEN_READERS: 'Agreement of one reader with another.',
  },
);

export const LambdaEnum = stringEnum('LambdaChoice', 'Which λ of a cross-validation is used.', {
  MIN: 'The λ of least deviance.',
  ONE_SE: 'The greatest λ within one standard error of the least deviance.',
});

export const MissingCovariatesEnum = stringEnum(
  'MissingCovariates',
  'What a study does about clinical covariates that are missing.',
  {
    COMPLETE_CASE: 'Leaves the patient out of the models that need the covariate.',
    MEDIAN: "Puts the training patients' median or most frequent level.",
  },
);

export const StudyStageEnum = stringEnum('StudyStage', 'A step that candidates of a model pass.', {
  AGREEMENT: 'Features whose repeated readings agree stay.',
  UNIVARIATE: 'Features whose own Cox model is significant stay.',
  REDUNDANCY: 'Of two correlated features the one with the smaller p stays.',
  LASSO: 'Features with a coefficient in the penalised Cox model stay.',
  CLINICAL_UNIVARIATE: 'Covariates whose own Cox model is significant stay.',
  STEPWISE: 'Covariates that backward elimination keeps stay.',
});

export const DropReasonEnum = stringEnum('DropReason', 'Why a candidate fell.', {
  UNDEFINED: 'It has no value for some patient.',
  CONSTANT: 'It has one value for all.',
  DISAGREEMENT: 'Its readings do not agree.',
  NOT_SIGNIFICANT: 'Its own Cox model is not significant.',
  NOT_ESTIMABLE: 'Its own Cox model has no estimate.',
  REDUNDANT: 'It goes with another one that has the smaller p.',
  ZERO_COEFFICIENT: 'The penalised model gives it the coefficient 0.',
  ELIMINATED: 'Backward elimination took it out.',
});

export const StudyModelKindEnum = stringEnum('StudyModelKind', 'What a model of a study is made of.', {
  RADIOMICS: 'A radscore.',
  CLINICAL: 'Clinical covariates.',
  RADIOMICS_CLINICAL: 'A radscore and clinical covariates.',
});

export const CharacteristicTestEnum = stringEnum(
  'CharacteristicTest',
  'The test by which training and validation are compared.',
  {
    T: "Student's t test, where both groups pass for normal.",
    MANN_WHITNEY: 'The Mann–Whitney test, where they do not.',
    CHI_SQUARED: 'The χ² test.',
    FISHER: "Fisher's exact test, where an expected count is small.",
  },
);

export const OptimismMethodEnum = stringEnum('OptimismMethod', 'How the bootstrap corrects a C-index.', {
  HARRELL: "The model's terms refitted in each resample, judged on all training patients.",
  PLUS_632: 'The whole selection repeated, judged on the patients left out and weighed by the .632+ rule.',
});
