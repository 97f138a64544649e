/**
 * What a result must say beside its values. Nothing here ends the work: the value is given (or is absent where it
 * is undefined) and the warning says why it wants care.
 */
export const warnings = {
  FEATURE_UNDEFINED: 'A feature has no value on this region of interest; it is given as null.',
  MASK_GEOMETRY_ROUNDED:
    "The mask's geometry differs from its image's within tolerance; the image's was used.",
  MASK_SLICE_EMPTY: 'Slices inside of the region of interest have no contour; they were left empty.',
  IMAGE_LOSSY: 'The image was compressed with loss before it came here.',
  ROWS_EXCLUDED: 'Rows with missing values were left out.',
  COVARIATE_DROPPED: 'A covariate is a combination of others, or constant, and was left out of the model.',
  NOT_CONVERGED: 'The iteration ended before the estimate settled.',
  SEPARATION: 'A coefficient runs to infinity: the covariate separates events from non-events.',
  GROUP_EMPTY: 'A group holds no patient or no event, so that its comparison is not given.',
  SOURCE_ABSENT: 'No patient has features from a source, so that its models are left out.',
  CUTPOINT_MEDIAN: 'No cut leaves both risk groups their least share; the median divides them.',
  HORIZON_PAST_FOLLOW_UP: 'A time lies past the last follow-up, so that nothing is said of it.',
  COVARIATES_IMPUTED:
    'Missing covariates were replaced by the median, or the commonest level, of the training patients.',
  NO_COMPARABLE_PAIRS: 'No two rows can be compared, so that there is no concordance.',
  RESAMPLES_FAILED: 'Some of the resamples gave no estimate; they were left out.',
} as const;

export type WarningCode = keyof typeof warnings;

export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
  /** The feature, covariate or group concerned, where there is one. */
  readonly subject?: string;
}
