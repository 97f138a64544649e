/**
 * The one catalogue of expected failures. A failure's code is stable: clients and scripts may depend on it.
 * `throw new Failure(...)` ends the work at hand; the graph, the commands and the jobs each catch it in one
 * place and show its code, its message and its details. Anything else that is thrown is a bug.
 */
export const failures = {
  // Files
  FILE_UNREADABLE: 'The file or stored object cannot be opened or read.',
  FILE_TRUNCATED: 'The file ends before the data that its header announces.',
  FILE_TOO_LARGE: 'The file, or what it would inflate to, is larger than the limit.',
  FILE_FORMAT_UNKNOWN: 'The file is none of the formats that are read.',
  FILE_FORMAT_MISMATCH: "The file's content is of another format than its name says.",
  FILE_CORRUPT: 'The file breaks the rules of its format.',
  FILE_UNSUPPORTED: 'The file is valid, but uses a part of its format that is not read.',
  // Images and masks
  IMAGE_GEOMETRY_INVALID: "The image's size, spacing, origin or direction is not that of a volume in space.",
  IMAGE_NOT_3D: 'The image does not have exactly three dimensions.',
  IMAGE_NOT_FINITE: 'The image holds a NaN or an infinity.',
  IMAGE_TOO_LARGE:
    'The resampled image would have more voxels than the limit, or the region of interest more than can be held.',
  IMAGE_CONSTANT: 'All voxels of the image have one value, so that it cannot be normalised.',
  MASK_SIZE_MISMATCH: 'The mask has another number of voxels along some axis than its image.',
  MASK_SPACING_MISMATCH: "The mask's voxel spacing differs from its image's.",
  MASK_ORIGIN_MISMATCH: "The mask's origin differs from its image's.",
  MASK_DIRECTION_MISMATCH: "The mask's axes point elsewhere than its image's.",
  MASK_OUTSIDE_IMAGE: 'The region of interest reaches beyond the image.',
  MASK_INVALID: 'A voxel of the mask is not a whole number.',
  MASK_LABEL_ABSENT: 'No voxel of the mask carries the label asked for.',
  ROI_TOO_SMALL: 'The region of interest has too few voxels or dimensions for the features asked for.',
  SERIES_MIXED: 'The files are not all of one image series.',
  SERIES_UNEVEN: 'Slices of the series are missing, doubled, sheared or unevenly spaced.',
  SUV_UNDEFINED: 'The PET series lacks what its standardized uptake values are computed from.',
  MASK_REFERENCE_MISMATCH: 'The structure set or segmentation was drawn on another image series.',
  MASK_OFF_GRID: 'A contour or frame of the mask lies between the slices of its image, or outside of it.',
  // Extraction profiles
  PROFILE_INVALID: 'The extraction settings name something unknown or give a value out of range.',
  PROFILE_UNSUPPORTED: 'The extraction settings ask for something that is not computed.',
  // Tables
  TABLE_UNREADABLE: 'The table is not well-formed CSV.',
  TABLE_EMPTY: 'The table has no rows.',
  TABLE_COLUMN_MISSING: 'The table lacks a column that is needed.',
  TABLE_COLUMN_DUPLICATE: 'The table has two columns of one name.',
  TABLE_KEY_DUPLICATE: 'Two rows of the table have the same key.',
  TABLE_VALUE_INVALID: 'A cell of the table has a value that its column does not allow.',
  // Survival data and models
  ARGUMENT_INVALID: 'An argument is out of its range.',
  LENGTH_MISMATCH: 'Two inputs that belong together differ in length.',
  TIME_INVALID: 'A survival time is negative, not finite, or not after its entry time.',
  EVENT_INVALID: 'An event indicator is neither 0 nor 1.',
  WEIGHT_INVALID: 'A case weight is negative, not finite or out of range.',
  COVARIATE_INVALID: 'A covariate is unknown, constant, or has a value that is not finite.',
  NO_OBSERVATIONS: 'No observation is left to work on.',
  NO_EVENTS: 'No event is observed, so that nothing can be estimated.',
  FIT_FAILED: 'The model cannot be estimated from the data given.',
  SELECTION_EMPTY: 'No candidate survived a stage of the selection, so that there is no model.',
  TOO_FEW_EVENTS: 'There are fewer events than cross-validation folds.',
  SOURCE_EMPTY: 'No patient has features from the source.',
  // The graph, sign-in and uploads
  UNAUTHENTICATED: 'The request is not signed in.',
  FORBIDDEN: 'The signed-in user may not do this.',
  NOT_FOUND: 'Nothing with the given id or key exists, or it is not visible.',
  INPUT_INVALID: 'An argument of the operation is missing, malformed or out of range.',
  CURSOR_INVALID: 'The cursor is malformed or belongs to another list.',
  CONFLICT:
    'What is to be created exists already with other content, or a completed study no longer fits its data.',
  LIMIT_EXCEEDED: 'The request exceeds a limit of the server.',
  DOCUMENT_UNTRUSTED: 'The document is not known to the server, or none of those that it trusts.',
  UPLOAD_MISMATCH: 'The uploaded bytes are not those that were announced.',
  // Jobs, store and service
  JOB_FINISHED: 'The job has already ended.',
  JOB_CANCELLED: 'The job was cancelled.',
  OBJECT_CORRUPT: 'A stored object no longer has the content that its hash names.',
  AUDIT_BROKEN:
    'The audit log is not the one that was written: an entry is missing, altered or out of place.',
  CONFIG_INVALID: 'A setting is missing or has a value that is not allowed.',
  REGISTRY_UNAVAILABLE: 'A registry cannot be reached, or does not answer in time.',
  REGISTRY_INVALID: 'A registry answers with what was not asked for, or refuses to answer.',
  SERVICE_UNAVAILABLE: 'The database or the server cannot be reached, or is shutting down.',
  INTERNAL: 'A defect of the program; the details are in the log.',
} as const;

export type FailureCode = keyof typeof failures;

/** What a failure was about, as JSON: which file, field, row and value, what was expected, by how much it differs. */
export type FailureDetails = Readonly<
  Record<string, string | number | boolean | null | readonly number[] | readonly string[]>
>;

/** An expected failure: one code of the catalogue, a message that names what was wrong, and the facts. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly details: FailureDetails;

  constructor(code: FailureCode, message: string, details: FailureDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }

  /** The same failure with more facts, e.g. the file in which an inner parser found it. */
  with(details: FailureDetails): Failure {
    return new Failure(this.code, this.message, { ...this.details, ...details });
  }

  toJSON(): FailureJson {
    return { code: this.code, message: this.message, details: this.details };
  }
}

/** A failure as it crosses threads and is kept in the event log. */
export interface FailureJson {
  readonly code: FailureCode;
  readonly message: string;
  readonly details: FailureDetails;
}
