// Generated from schema/schema.graphql and schema/operations by `npm run client`; not to be edited.
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Which entries: an absent field takes all. */
export type AuditFilterInput = {
  /** Of this action. */
  readonly action?: string | null | undefined;
  /** On this cohort. */
  readonly cohortId?: string | null | undefined;
  /** From this time on. */
  readonly from?: string | null | undefined;
  /** Done to this object. */
  readonly objectId?: string | null | undefined;
  /** By this principal. */
  readonly principal?: string | null | undefined;
  /** Until before this time. */
  readonly to?: string | null | undefined;
};

/** The test by which training and validation are compared. */
export type CharacteristicTest =
  /** The χ² test. */
  | 'CHI_SQUARED'
  /** Fisher's exact test, where an expected count is small. */
  | 'FISHER'
  /** The Mann–Whitney test, where they do not. */
  | 'MANN_WHITNEY'
  /** Student's t test, where both groups pass for normal. */
  | 'T';

/** What is asked of a covariate: one of these. A missing value has no value. */
export type CovariateConditionInput =
  {   /** It has one of the values. */
  readonly in: ReadonlyArray<CovariateMatchInput>; readonly known?: never; readonly range?: never; }
  |  { readonly in?: never;   /** It is known, or it is missing. */
  readonly known: boolean; readonly range?: never; }
  |  { readonly in?: never; readonly known?: never;   /** It is a number in the range. */
  readonly range: NumberRangeInput; };

/** What a covariate of a cohort is. */
export type CovariateDefinitionInput = {
  /** What it means. */
  readonly description?: string | null | undefined;
  /** Whether its values tell who somebody is. They are then for curators alone, and no model or study is made of them. */
  readonly identifying?: boolean;
  /** What its values are. */
  readonly kind: CovariateKind;
  /** The levels of a categorical covariate, the reference first. */
  readonly levels?: ReadonlyArray<string> | null | undefined;
  /** Its name, unique in the cohort. */
  readonly name: string;
  /** The unit of a numeric covariate. */
  readonly unit?: string | null | undefined;
};

/** A condition on a covariate. */
export type CovariateFilterInput = {
  /** What is asked of it. */
  readonly is: CovariateConditionInput;
  /** The covariate's name. */
  readonly name: string;
};

/** What the values of a covariate are. */
export type CovariateKind =
  /** Levels; the first one is the reference in a model. */
  | 'CATEGORICAL'
  /** Numbers. */
  | 'NUMERIC';

/** A value of a covariate: the number or the level. */
export type CovariateMatchInput =
  {   /** The level of a categorical covariate. */
  readonly level: string; readonly number?: never; }
  |  { readonly level?: never;   /** The value of a numeric covariate. */
  readonly number: number; };

/** By the values of a covariate. */
export type CovariateOrderInput = {
  /** Which comes first. */
  readonly direction?: SortDirection;
  /** The covariate's name. */
  readonly name: string;
};

/** A value of a covariate: give the number or the level, as the cohort defines it. */
export type CovariateValueInput = {
  /** The level of a categorical covariate. */
  readonly level?: string | null | undefined;
  /** The covariate's name. */
  readonly name: string;
  /** The value of a numeric covariate. */
  readonly number?: number | null | undefined;
};

/** An API key to be made. */
export type CreateApiKeyInput = {
  /** When it ends; never where absent. */
  readonly expiresAt?: string | null | undefined;
  /** What it may do: never more than who makes it administers. */
  readonly grants: ReadonlyArray<GrantInput>;
  /** What it is for. */
  readonly name: string;
};

/** A cohort to be created. */
export type CreateCohortInput = {
  /** The clinical covariates that its patients may have. */
  readonly covariates?: ReadonlyArray<CovariateDefinitionInput>;
  /** What the cohort is. */
  readonly description?: string | null | undefined;
  /** A short unique name: 1 to 64 letters, digits, dots, dashes, underscores. */
  readonly key: string;
  /** The name for display; the key where absent. */
  readonly name?: string | null | undefined;
};

/** An extraction profile to be created. */
export type CreateExtractionProfileInput = {
  /** A unique name. */
  readonly name: string;
  /** PyRadiomics' parameters: `setting`, `imageType`, `featureClass`, as in its parameter files. */
  readonly parameters: Readonly<Record<string, unknown>>;
};

/** Why a candidate fell. */
export type DropReason =
  /** It has one value for all. */
  | 'CONSTANT'
  /** Its readings do not agree. */
  | 'DISAGREEMENT'
  /** Backward elimination took it out. */
  | 'ELIMINATED'
  /** Its own Cox model has no estimate. */
  | 'NOT_ESTIMABLE'
  /** Its own Cox model is not significant. */
  | 'NOT_SIGNIFICANT'
  /** It goes with another one that has the smaller p. */
  | 'REDUNDANT'
  /** It has no value for some patient. */
  | 'UNDEFINED'
  /** The penalised model gives it the coefficient 0. */
  | 'ZERO_COEFFICIENT';

/** A time to an event: the first among some outcomes of the cohort. */
export type EndpointInput = {
  /** Months after that at which the study's clock starts; who was not followed so long is out. */
  readonly landmark?: number;
  /** The name, e.g. `DFS`. */
  readonly name: string;
  /** Where time begins, in words: for the methods text alone. */
  readonly origin?: string | null | undefined;
  /** The outcomes of which the first to happen is the event; the one of the same name where absent. */
  readonly outcomes?: ReadonlyArray<string> | null | undefined;
};

/** Which patients to leave out: by a covariate, or by the source that they lack. */
export type ExclusionInput = {
  /** The covariate that decides. */
  readonly covariate?: string | null | undefined;
  /** Its values that leave a patient out; with none given, that it is missing. */
  readonly equals?: ReadonlyArray<CovariateMatchInput>;
  /** Why, in words. */
  readonly reason: string;
  /** The source whose lack leaves a patient out. */
  readonly withoutSource?: string | null | undefined;
};

/** Which features to extract. */
export type ExtractFeaturesInput = {
  /** The cohort. */
  readonly cohortId: string;
  /** Which regions of interest; all of the cohort where absent. */
  readonly filter?: RoiFilter | null | undefined;
  /** The name of the extraction profile. */
  readonly profile?: string;
};

/** Features of a profile as covariates, from the region that the other fields pick out; one region a patient must match. */
export type FeatureSelectionInput = {
  /** Which lesion. */
  readonly lesion?: string | null | undefined;
  /** DICOM Modality of the scan. */
  readonly modality?: string | null | undefined;
  /** Which of its features. */
  readonly names: ReadonlyArray<string>;
  /** Contrast phase of the scan. */
  readonly phase?: string | null | undefined;
  /** The name of the extraction profile. */
  readonly profile: string;
  /** Who drew the region. */
  readonly reader?: string | null | undefined;
  /** Which of the reader's sessions. */
  readonly session?: number | null | undefined;
};

/** A Cox model to be fitted. */
export type FitCoxModelInput = {
  /** The cohort. */
  readonly cohortId: string;
  /** Clinical covariates by name. */
  readonly covariates?: ReadonlyArray<string>;
  /** The endpoint, e.g. `DFS` or `OS`. */
  readonly endpoint: string;
  /** Radiomics features. */
  readonly features?: ReadonlyArray<FeatureSelectionInput>;
  /** Without a split the model is fitted to, and described on, all patients. */
  readonly split?: SplitInput | null | undefined;
  /** How events at the same time are treated. */
  readonly ties?: Ties;
};

/** Patients divided one by one; whoever is in neither list is left out. */
export type GivenSplitInput = {
  /** Subject keys of the training patients. */
  readonly training: ReadonlyArray<string>;
  /** Subject keys of the validation patients. */
  readonly validation: ReadonlyArray<string>;
};

/** A role on a cohort or all, at a site or all. */
export type GrantInput = {
  /** The key of the cohort, which need not be there yet; all where absent. */
  readonly cohortKey?: string | null | undefined;
  /** The role. */
  readonly role: Role;
  /** The site; all where absent. */
  readonly site?: string | null | undefined;
};

/** How the numbers of a histogram are put together: one of these. */
export type HistogramInput =
  {   /** At most so many bins, up to 200, between edges as axes have them: multiples of 1, 2 or 5 times a power of ten. */
  readonly count: number; readonly edges?: never; }
  |  { readonly count?: never;   /** Between these edges, which rise; numbers beyond them get bins of their own. */
  readonly edges: ReadonlyArray<number>; };

/** Which outcomes to import. */
export type ImportOutcomesInput = {
  /** The cohort. */
  readonly cohortId: string;
  /** The endpoints that are wanted; all where absent. */
  readonly endpoints?: ReadonlyArray<string> | null | undefined;
  /** The registry, by its name in the setting `NOMOGRAPH_REGISTRIES`. */
  readonly registry: string;
};

/** What a job does. */
export type JobKind =
  /** Erases all patients of a cohort. */
  | 'COHORT_ERASURE'
  /** Fits a Cox model to a cohort. */
  | 'COX_FIT'
  /** Extracts the radiomics features of a cohort. */
  | 'EXTRACTION'
  /** Runs a study. */
  | 'STUDY';

/** How far a job is. */
export type JobState =
  /** Ended by request. */
  | 'CANCELLED'
  /** Ended with a result. */
  | 'COMPLETED'
  /** Ended by a failure. */
  | 'FAILED'
  /** Waiting for its turn. */
  | 'QUEUED'
  /** At work. */
  | 'RUNNING';

/** Which λ of a cross-validation is used. */
export type LambdaChoice =
  /** The λ of least deviance. */
  | 'MIN'
  /** The greatest λ within one standard error of the least deviance. */
  | 'ONE_SE';

/** What a study does about clinical covariates that are missing. */
export type MissingCovariates =
  /** Leaves the patient out of the models that need the covariate. */
  | 'COMPLETE_CASE'
  /** Puts the training patients' median or most frequent level. */
  | 'MEDIAN';

/** Numbers from one to another, both included; an absent end is open. */
export type NumberRangeInput = {
  /** The least. */
  readonly from?: number | null | undefined;
  /** The greatest. */
  readonly to?: number | null | undefined;
};

/** What is asked of an outcome: one of these. */
export type OutcomeConditionInput =
  {   /** The patient has it, and the event was seen, or was not. */
  readonly event: boolean; readonly known?: never; readonly time?: never; }
  |  { readonly event?: never;   /** The patient has it, or has not. */
  readonly known: boolean; readonly time?: never; }
  |  { readonly event?: never; readonly known?: never;   /** The patient has it, with a time in the range, in the unit that it was given in. */
  readonly time: NumberRangeInput; };

/** A condition on the outcome for an endpoint. */
export type OutcomeFilterInput = {
  /** The endpoint. */
  readonly endpoint: string;
  /** What is asked of it. */
  readonly is: OutcomeConditionInput;
};

/** A patient's follow-up for one endpoint. */
export type OutcomeInput = {
  /** The endpoint, e.g. `DFS` or `OS`. */
  readonly endpoint: string;
  /** Whether the event was seen. */
  readonly event: boolean;
  /** The time to the event, or to the last visit where none was seen. */
  readonly time: number;
  /** The unit of the time. */
  readonly timeUnit?: TimeUnit;
};

/** By the times of an outcome, in the units that they were given in. */
export type OutcomeOrderInput = {
  /** Which comes first. */
  readonly direction?: SortDirection;
  /** The endpoint. */
  readonly endpoint: string;
};

/** Which patients: one condition, or several put together. A patient who lacks what is asked for does not match, and matches its `not`. */
export type PatientFilterInput =
  {   /** All of them hold. */
  readonly all: ReadonlyArray<PatientFilterInput>; readonly any?: never; readonly covariate?: never; readonly not?: never; readonly outcome?: never; readonly scan?: never; readonly sites?: never; readonly subjectKeys?: never; }
  |  { readonly all?: never;   /** At least one of them holds. */
  readonly any: ReadonlyArray<PatientFilterInput>; readonly covariate?: never; readonly not?: never; readonly outcome?: never; readonly scan?: never; readonly sites?: never; readonly subjectKeys?: never; }
  |  { readonly all?: never; readonly any?: never;   /** By a covariate. */
  readonly covariate: CovariateFilterInput; readonly not?: never; readonly outcome?: never; readonly scan?: never; readonly sites?: never; readonly subjectKeys?: never; }
  |  { readonly all?: never; readonly any?: never; readonly covariate?: never;   /** It does not hold. */
  readonly not: PatientFilterInput; readonly outcome?: never; readonly scan?: never; readonly sites?: never; readonly subjectKeys?: never; }
  |  { readonly all?: never; readonly any?: never; readonly covariate?: never; readonly not?: never;   /** By an outcome. */
  readonly outcome: OutcomeFilterInput; readonly scan?: never; readonly sites?: never; readonly subjectKeys?: never; }
  |  { readonly all?: never; readonly any?: never; readonly covariate?: never; readonly not?: never; readonly outcome?: never;   /** By a scan. */
  readonly scan: ScanFilterInput; readonly sites?: never; readonly subjectKeys?: never; }
  |  { readonly all?: never; readonly any?: never; readonly covariate?: never; readonly not?: never; readonly outcome?: never; readonly scan?: never;   /** By site: any of these. */
  readonly sites: ReadonlyArray<string>; readonly subjectKeys?: never; }
  |  { readonly all?: never; readonly any?: never; readonly covariate?: never; readonly not?: never; readonly outcome?: never; readonly scan?: never; readonly sites?: never;   /** By pseudonym: any of these. */
  readonly subjectKeys: ReadonlyArray<string>; };

/** The fold of a training patient. */
export type PatientFoldInput = {
  /** The fold, from 1. */
  readonly fold: number;
  /** The subject key. */
  readonly subject: string;
};

/** What patients are grouped by: one of these. */
export type PatientGroupingInput =
  {   /** The levels of a categorical covariate, by its name. */
  readonly covariate: string; readonly outcome?: never; }
  |  { readonly covariate?: never;   /** Whether the event of an outcome was seen, by its endpoint. */
  readonly outcome: string; };

/** A patient to be added. */
export type PatientInput = {
  /** Clinical covariates; leave out what is missing. */
  readonly covariates?: ReadonlyArray<CovariateValueInput>;
  /** Follow-up by endpoint. */
  readonly outcomes?: ReadonlyArray<OutcomeInput>;
  /** Where the patient was seen: rights may be limited to sites. None where absent. */
  readonly site?: string | null | undefined;
  /** A pseudonym, unique in the cohort. Never a name, a date of birth or a record number. */
  readonly subjectKey: string;
};

/** What patients are sorted by: one of these. Those of equal value are by subject key. */
export type PatientOrderInput =
  {   /** By a covariate. */
  readonly covariate: CovariateOrderInput; readonly outcome?: never; readonly subjectKey?: never; }
  |  { readonly covariate?: never;   /** By the time of an outcome. */
  readonly outcome: OutcomeOrderInput; readonly subjectKey?: never; }
  |  { readonly covariate?: never; readonly outcome?: never;   /** By pseudonym. */
  readonly subjectKey: SortDirection; };

/** Whom to predict: a patient of the store, or values. */
export type PredictedPatientInput =
  {   /** Values by name: the covariates of the model, and the features of its radscore or `radscore` itself. */
  readonly covariates: ReadonlyArray<CovariateValueInput>; readonly patientId?: never; }
  |  { readonly covariates?: never;   /** A patient of any cohort with the same covariates. */
  readonly patientId: string; };

/** How somebody signed in. */
export type PrincipalKind =
  /** By an API key. */
  | 'API_KEY'
  /** By the development sign-in of this machine. */
  | 'DEVELOPMENT'
  /** By a token of the OpenID Connect issuer. */
  | 'TOKEN';

/** Second readings of some patients: features that agree with the first reading stay. */
export type RepeatInput = {
  /** What agreement they show. */
  readonly kind: RepeatKind;
  /** Who read again; the source's reader where absent. */
  readonly reader?: string | null | undefined;
  /** In which session; the source's where absent. */
  readonly session?: number | null | undefined;
};

/** What a second reading is compared to the first for. */
export type RepeatKind =
  /** Agreement of one reader with another. */
  | 'BETWEEN_READERS'
  /** Agreement of a reader with himself. */
  | 'WITHIN_READER';

/** A patient's group by the model's cutpoint of the linear predictor. */
export type RiskGroup =
  /** Above the cutpoint. */
  | 'HIGH'
  /** At or below the cutpoint. */
  | 'LOW';

/** Which regions of interest: an absent field takes all. */
export type RoiFilter = {
  /** DICOM Modality of the scan. */
  readonly modality?: string | null | undefined;
  /** Contrast phase of the scan. */
  readonly phase?: string | null | undefined;
  /** Who drew the region. */
  readonly reader?: string | null | undefined;
};

/** A region of interest to be added. Its mask is uploaded first. */
export type RoiInput = {
  /** The mask's voxels of this value are the region. */
  readonly label?: number;
  /** Which lesion of the patient. */
  readonly lesion?: string;
  /** The SHA-256 of the uploaded mask file's bytes. */
  readonly maskSha256: string;
  /** Who drew it. */
  readonly reader: string;
  /** The scan. */
  readonly scanId: string;
  /** Which of the reader's sessions, from 1. */
  readonly session?: number;
};

/** What somebody may do on a cohort, at one of its sites or all. Each role may do what those before it may. */
export type Role =
  /** Gives and withdraws rights, makes and revokes keys, erases, reads the audit log. */
  | 'ADMIN'
  /** Reads rows of patients without what identifies them; extracts features, fits models, runs studies. */
  | 'ANALYST'
  /** Adds and changes data, and sees identifying covariates. */
  | 'CURATOR'
  /** Reads aggregates and results; no rows of patients. */
  | 'READER';

/** The patient has a scan that is all of these. */
export type ScanFilterInput = {
  /** DICOM Modality. */
  readonly modality?: string | null | undefined;
  /** Contrast phase; empty for scans without. */
  readonly phase?: string | null | undefined;
  /** Who drew a region on it. */
  readonly reader?: string | null | undefined;
};

/** A scan to be added. Its image is uploaded first. */
export type ScanInput = {
  /** The SHA-256 of the uploaded image file's bytes. */
  readonly imageSha256: string;
  /** DICOM Modality: `CT`, `MR`, `PT`. */
  readonly modality: string;
  /** The patient. */
  readonly patientId: string;
  /** The contrast phase, e.g. `ARTERIAL`. */
  readonly phase?: string;
};

/** Which of a sorted list comes first. */
export type SortDirection =
  /** The least. */
  | 'ASC'
  /** The greatest. */
  | 'DESC';

/** Where features come from: the scans of a modality in one or several phases, as a reader drew on them. */
export type SourceInput = {
  /** Which lesion. */
  readonly lesion?: string | null | undefined;
  /** DICOM Modality of the scans. */
  readonly modality?: string | null | undefined;
  /** The name, e.g. `CT`: it begins the names of its features. */
  readonly name: string;
  /** Contrast phases, each with features of its own; none for scans without. */
  readonly phases?: ReadonlyArray<string>;
  /** The name of the extraction profile. */
  readonly profile?: string;
  /** Who drew the regions. */
  readonly reader?: string | null | undefined;
  /** Second readings, by which features are checked. */
  readonly repeats?: ReadonlyArray<RepeatInput>;
  /** In which of the reader's sessions. */
  readonly session?: number | null | undefined;
};

/** How to divide the patients into those that the model is fitted to and those that it is checked on. */
export type SplitInput = {
  /** The seed: the same seed divides the same patients alike. */
  readonly seed?: number;
  /** Whether events and censored patients are divided each by the fraction. */
  readonly stratifyByEvent?: boolean;
  /** The part that goes to training, above 0 and below 1. */
  readonly trainingFraction?: number;
};

/** The folds of cross-validation. */
export type StudyFoldsInput =
  {   /** That many, drawn by the study's seed. */
  readonly count: number; readonly given?: never; }
  |  { readonly count?: never;   /** Each training patient's. */
  readonly given: ReadonlyArray<PatientFoldInput>; };

/** A study of a cohort; what is left out is as in the paper's. */
export type StudyInput = {
  /** Greatest p, exclusive, of a covariate's own Cox model. */
  readonly clinicalP?: number;
  /** The cohort. */
  readonly cohortId: string;
  /** The number of the version of the cohort that it is of: it is not run on other data. Where absent, the cohort is frozen when the study runs. */
  readonly cohortVersion?: number | null | undefined;
  /** Absolute correlation beyond which of two features the one with the greater p goes. */
  readonly correlationThreshold?: number;
  /** Clinical covariates that may enter a model. */
  readonly covariates?: ReadonlyArray<string>;
  /** The endpoints. */
  readonly endpoints?: ReadonlyArray<EndpointInput>;
  /** Who is left out; the first rule that fits counts. */
  readonly exclusions?: ReadonlyArray<ExclusionInput>;
  /** The folds of cross-validation. */
  readonly folds?: StudyFoldsInput;
  /** Months at which survival is predicted, calibrated and assessed. */
  readonly horizons?: ReadonlyArray<number>;
  /** Least ICC(2,1), exclusive, for a feature to stay. */
  readonly iccThreshold?: number;
  /** Which λ of the cross-validation is used. */
  readonly lambda?: LambdaChoice;
  /** Least share of the training patients in either risk group. */
  readonly minimumGroup?: number;
  /** What is done about missing covariates. */
  readonly missingCovariates?: MissingCovariates;
  /** A name, unique among the studies of the cohort. */
  readonly name: string;
  /** Bootstrap resamples in which the whole selection is repeated, which takes long. */
  readonly pipelineReplicates?: number;
  /** Bootstrap resamples of each finished model. */
  readonly replicates?: number;
  /** The seed of all that is drawn at random. */
  readonly seed?: number;
  /** Where features come from. */
  readonly sources?: ReadonlyArray<SourceInput>;
  /** Who trains and who validates. */
  readonly split?: StudySplitInput;
  /** Greatest p, exclusive, of a feature's own Cox model; 1 lets every feature pass. */
  readonly univariateP?: number;
};

/** What a model of a study is made of. */
export type StudyModelKind =
  /** Clinical covariates. */
  | 'CLINICAL'
  /** A radscore. */
  | 'RADIOMICS'
  /** A radscore and clinical covariates. */
  | 'RADIOMICS_CLINICAL';

/** Who trains and who validates. */
export type StudySplitInput =
  {   /** Patient by patient. */
  readonly given: GivenSplitInput; readonly seeded?: never; }
  |  { readonly given?: never;   /** By a seed. */
  readonly seeded: SplitInput; };

/** A step that candidates of a model pass. */
export type StudyStage =
  /** Features whose repeated readings agree stay. */
  | 'AGREEMENT'
  /** Covariates whose own Cox model is significant stay. */
  | 'CLINICAL_UNIVARIATE'
  /** Features with a coefficient in the penalised Cox model stay. */
  | 'LASSO'
  /** Of two correlated features the one with the smaller p stays. */
  | 'REDUNDANCY'
  /** Covariates that backward elimination keeps stay. */
  | 'STEPWISE'
  /** Features whose own Cox model is significant stay. */
  | 'UNIVARIATE';

/** The part of a cohort that a number was computed on. */
export type Subset =
  /** The patients that the model was fitted to. */
  | 'TRAINING'
  /** The patients that were held out. */
  | 'VALIDATION';

/** How a Cox model treats events at the same time. */
export type Ties =
  /** Breslow's approximation. */
  | 'BRESLOW'
  /** Efron's approximation, the default, as in R. */
  | 'EFRON';

/** The unit of survival times. */
export type TimeUnit =
  /** Days. */
  | 'DAYS'
  /** Months, the default everywhere. */
  | 'MONTHS'
  /** Years. */
  | 'YEARS';

export type CreateCohortMutationVariables = Exact<{
  input: CreateCohortInput;
}>;


export type CreateCohortMutation = { readonly createCohort: { readonly id: string, readonly key: string, readonly name: string } };

export type AddPatientsMutationVariables = Exact<{
  cohortId: string;
  patients: ReadonlyArray<PatientInput> | PatientInput;
}>;


export type AddPatientsMutation = { readonly addPatients: ReadonlyArray<{ readonly id: string, readonly subjectKey: string }> };

export type KnownObjectsQueryVariables = Exact<{
  sha256: ReadonlyArray<string> | string;
}>;


export type KnownObjectsQuery = { readonly objects: ReadonlyArray<{ readonly sha256: string, readonly format: string, readonly byteLength: number, readonly size: ReadonlyArray<number>, readonly spacing: ReadonlyArray<number> }> };

export type AddScansMutationVariables = Exact<{
  scans: ReadonlyArray<ScanInput> | ScanInput;
}>;


export type AddScansMutation = { readonly addScans: ReadonlyArray<{ readonly id: string, readonly modality: string, readonly phase: string, readonly image: { readonly sha256: string, readonly size: ReadonlyArray<number>, readonly spacing: ReadonlyArray<number> } }> };

export type AddRoisMutationVariables = Exact<{
  rois: ReadonlyArray<RoiInput> | RoiInput;
}>;


export type AddRoisMutation = { readonly addRois: ReadonlyArray<{ readonly id: string, readonly lesion: string, readonly reader: string, readonly session: number, readonly voxelCount: number }> };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { readonly createApiKey: { readonly secret: string, readonly key: { readonly id: string, readonly prefix: string, readonly expiresAt: string | null } } };

export type ApiKeysQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
}>;


export type ApiKeysQuery = { readonly apiKeys: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string, readonly prefix: string, readonly createdAt: string, readonly createdBy: string, readonly expiresAt: string | null, readonly revokedAt: string | null, readonly grants: ReadonlyArray<{ readonly role: Role, readonly cohortKey: string | null, readonly site: string | null }> } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type RevokeApiKeyMutationVariables = Exact<{
  id: string;
}>;


export type RevokeApiKeyMutation = { readonly revokeApiKey: { readonly id: string, readonly revokedAt: string | null } };

export type GrantRoleMutationVariables = Exact<{
  principal: string;
  grant: GrantInput;
}>;


export type GrantRoleMutation = { readonly grantRole: { readonly id: string, readonly principal: string, readonly role: Role, readonly cohortKey: string | null, readonly site: string | null } };

export type GrantsQueryVariables = Exact<{
  principal?: string | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type GrantsQuery = { readonly grants: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly principal: string, readonly role: Role, readonly cohortKey: string | null, readonly site: string | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type WithdrawGrantMutationVariables = Exact<{
  id: string;
}>;


export type WithdrawGrantMutation = { readonly withdrawGrant: { readonly id: string, readonly principal: string } };

export type AuditEntriesQueryVariables = Exact<{
  filter?: AuditFilterInput | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type AuditEntriesQuery = { readonly auditEntries: { readonly edges: ReadonlyArray<{ readonly node: { readonly sequence: unknown, readonly at: string, readonly principal: string, readonly action: string, readonly objectKind: string | null, readonly objectId: string | null, readonly outcome: string, readonly hash: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ErasePatientMutationVariables = Exact<{
  id: string;
  reason: string;
}>;


export type ErasePatientMutation = { readonly erasePatient: { readonly patientId: string, readonly erasedAt: string, readonly studyCount: number, readonly modelCount: number, readonly objectCount: number } };

export type EraseCohortMutationVariables = Exact<{
  id: string;
  key: string;
  reason: string;
}>;


export type EraseCohortMutation = { readonly eraseCohort: { readonly id: string, readonly kind: JobKind, readonly state: JobState } };

export type CohortsQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
}>;


export type CohortsQuery = { readonly cohorts: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly key: string, readonly name: string, readonly description: string | null, readonly patientCount: number | null, readonly endpoints: ReadonlyArray<string> } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type CohortPageQueryVariables = Exact<{
  key: string;
  first?: number;
  after?: string | null | undefined;
  filter?: PatientFilterInput | null | undefined;
  orderBy?: PatientOrderInput | null | undefined;
}>;


export type CohortPageQuery = { readonly cohort: { readonly id: string, readonly name: string, readonly description: string | null, readonly patientCount: number | null, readonly endpoints: ReadonlyArray<string>, readonly covariates: ReadonlyArray<{ readonly name: string, readonly kind: CovariateKind, readonly levels: ReadonlyArray<string> | null, readonly unit: string | null }>, readonly patients: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly id: string, readonly subjectKey: string, readonly site: string | null, readonly covariates: ReadonlyArray<{ readonly name: string, readonly number: number | null, readonly level: string | null }>, readonly outcomes: ReadonlyArray<{ readonly endpoint: string, readonly time: number, readonly timeUnit: TimeUnit, readonly event: boolean }>, readonly scans: ReadonlyArray<{ readonly id: string, readonly modality: string, readonly phase: string, readonly rois: ReadonlyArray<{ readonly id: string, readonly lesion: string, readonly reader: string, readonly session: number, readonly voxelCount: number }> }> } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type CohortResultsQueryVariables = Exact<{
  key: string;
}>;


export type CohortResultsQuery = { readonly cohort: { readonly id: string, readonly jobs: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly kind: JobKind, readonly state: JobState, readonly createdAt: string, readonly finishedAt: string | null } }> }, readonly studies: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string, readonly createdAt: string, readonly completedAt: string | null } }> }, readonly models: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string | null, readonly endpoint: string, readonly concordance: ReadonlyArray<{ readonly subset: Subset, readonly estimate: number | null, readonly lower: number | null, readonly upper: number | null }> } }> }, readonly versions: { readonly edges: ReadonlyArray<{ readonly node: { readonly number: number, readonly contentHash: string, readonly createdAt: string, readonly patientCount: number | null } }> } } | null };

export type FreezeCohortMutationVariables = Exact<{
  id: string;
}>;


export type FreezeCohortMutation = { readonly freezeCohort: { readonly id: string, readonly number: number, readonly contentHash: string, readonly patientCount: number | null, readonly scanCount: number | null, readonly roiCount: number | null } };

export type CompareStudiesQueryVariables = Exact<{
  ids: ReadonlyArray<string> | string;
}>;


export type CompareStudiesQuery = { readonly compareStudies: { readonly studies: ReadonlyArray<{ readonly id: string, readonly name: string }>, readonly differences: ReadonlyArray<{ readonly field: string, readonly values: ReadonlyArray<unknown> }>, readonly concordance: ReadonlyArray<{ readonly endpoint: string, readonly model: string, readonly subset: Subset, readonly concordance: ReadonlyArray<{ readonly estimate: number | null, readonly lower: number | null, readonly upper: number | null } | null> }> } };

export type FitCoxModelMutationVariables = Exact<{
  input: FitCoxModelInput;
}>;


export type FitCoxModelMutation = { readonly fitCoxModel: { readonly id: string, readonly state: JobState } };

export type WatchFitSubscriptionVariables = Exact<{
  jobId: string;
  after?: number;
}>;


export type WatchFitSubscription = { readonly jobEvents:
    | { readonly __typename: 'CohortErased', readonly sequence: number }
    | { readonly __typename: 'ConcordanceCorrected', readonly sequence: number }
    | { readonly __typename: 'ConcordanceEstimated', readonly sequence: number, readonly concordance: { readonly subset: Subset, readonly estimate: number | null, readonly lower: number | null, readonly upper: number | null } }
    | { readonly __typename: 'CoxFitCompleted', readonly modelId: string, readonly reused: boolean, readonly sequence: number }
    | { readonly __typename: 'CrossValidated', readonly sequence: number }
    | { readonly __typename: 'ExtractionCompleted', readonly sequence: number }
    | { readonly __typename: 'FeaturesScreened', readonly sequence: number }
    | { readonly __typename: 'FitIterated', readonly iteration: number, readonly logLikelihood: number, readonly sequence: number }
    | { readonly __typename: 'FoldCompleted', readonly sequence: number }
    | { readonly __typename: 'JobCancelled', readonly sequence: number }
    | { readonly __typename: 'JobFailed', readonly sequence: number, readonly failure: { readonly code: string, readonly message: string, readonly details: Readonly<Record<string, unknown>> } }
    | { readonly __typename: 'JobProgress', readonly sequence: number }
    | { readonly __typename: 'JobQueued', readonly sequence: number }
    | { readonly __typename: 'JobStarted', readonly sequence: number }
    | { readonly __typename: 'ModelEstimated', readonly converged: boolean, readonly sequence: number, readonly coefficients: ReadonlyArray<{ readonly name: string, readonly hazardRatio: number | null, readonly hazardRatioLower: number | null, readonly hazardRatioUpper: number | null, readonly p: number | null }> }
    | { readonly __typename: 'ModelNotFitted', readonly sequence: number }
    | { readonly __typename: 'PatientsExcluded', readonly sequence: number }
    | { readonly __typename: 'PatientsSelected', readonly training: number, readonly trainingEvents: number, readonly validation: number, readonly validationEvents: number, readonly excluded: number, readonly timeUnit: TimeUnit, readonly sequence: number }
    | { readonly __typename: 'PenaltySolved', readonly sequence: number }
    | { readonly __typename: 'RiskGroupsCompared', readonly sequence: number, readonly comparison: { readonly subset: Subset, readonly logRank: { readonly statistic: number, readonly p: number } } }
    | { readonly __typename: 'RoiExtracted', readonly sequence: number }
    | { readonly __typename: 'RoiFailed', readonly sequence: number }
    | { readonly __typename: 'StageBegan', readonly sequence: number }
    | { readonly __typename: 'StageEnded', readonly sequence: number }
    | { readonly __typename: 'StudyCompleted', readonly sequence: number }
    | { readonly __typename: 'SurvivalCurveEstimated', readonly sequence: number, readonly curve: { readonly subset: Subset, readonly riskGroup: RiskGroup, readonly time: ReadonlyArray<number>, readonly survival: ReadonlyArray<number>, readonly lower: ReadonlyArray<number | null>, readonly upper: ReadonlyArray<number | null>, readonly atRisk: ReadonlyArray<number>, readonly median: number | null } }
    | { readonly __typename: 'WarningRaised', readonly sequence: number, readonly warning: { readonly code: string, readonly message: string, readonly subject: string | null } }
   };

export type ReadModelQueryVariables = Exact<{
  id: string;
}>;


export type ReadModelQuery = { readonly model: { readonly id: string, readonly endpoint: string, readonly cutpoint: number, readonly coefficients: ReadonlyArray<{ readonly name: string, readonly coefficient: number | null, readonly standardError: number | null, readonly hazardRatio: number | null, readonly hazardRatioLower: number | null, readonly hazardRatioUpper: number | null, readonly z: number | null, readonly p: number | null }>, readonly concordance: ReadonlyArray<{ readonly subset: Subset, readonly estimate: number | null, readonly standardError: number | null, readonly lower: number | null, readonly upper: number | null }>, readonly survivalCurves: ReadonlyArray<{ readonly subset: Subset, readonly riskGroup: RiskGroup, readonly patients: number | null, readonly events: number | null, readonly time: ReadonlyArray<number>, readonly survival: ReadonlyArray<number>, readonly lower: ReadonlyArray<number | null>, readonly upper: ReadonlyArray<number | null>, readonly atRisk: ReadonlyArray<number>, readonly median: number | null }>, readonly riskComparisons: ReadonlyArray<{ readonly subset: Subset, readonly logRank: { readonly statistic: number, readonly degreesOfFreedom: number, readonly p: number } }>, readonly warnings: ReadonlyArray<{ readonly code: string, readonly message: string, readonly subject: string | null }> } | null };

export type ModelPredictionsQueryVariables = Exact<{
  id: string;
  first?: number;
  after?: string | null | undefined;
}>;


export type ModelPredictionsQuery = { readonly model: { readonly predictions: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly subset: Subset, readonly linearPredictor: number, readonly riskGroup: RiskGroup, readonly patient: { readonly id: string, readonly subjectKey: string } } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type DistributionQueryVariables = Exact<{
  key: string;
  covariate: string;
  filter?: PatientFilterInput | null | undefined;
  by?: PatientGroupingInput | null | undefined;
  bins?: HistogramInput;
  quantiles?: ReadonlyArray<number> | number;
}>;


export type DistributionQuery = { readonly cohort: { readonly patientCount: number | null, readonly distribution: { readonly covariate: { readonly name: string, readonly kind: CovariateKind, readonly unit: string | null }, readonly all: { readonly count: number | null, readonly missing: number | null, readonly levels: ReadonlyArray<{ readonly level: string, readonly count: number | null }> | null, readonly bins: ReadonlyArray<{ readonly from: number | null, readonly to: number | null, readonly count: number | null }> | null, readonly summary: { readonly mean: number | null, readonly sd: number | null, readonly quantiles: ReadonlyArray<{ readonly probability: number, readonly value: number | null }> } | null }, readonly groups: ReadonlyArray<{ readonly level: string | null, readonly event: boolean | null, readonly counts: { readonly count: number | null, readonly missing: number | null, readonly levels: ReadonlyArray<{ readonly level: string, readonly count: number | null }> | null, readonly bins: ReadonlyArray<{ readonly from: number | null, readonly to: number | null, readonly count: number | null }> | null, readonly summary: { readonly mean: number | null, readonly sd: number | null, readonly quantiles: ReadonlyArray<{ readonly probability: number, readonly value: number | null }> } | null } }> | null } } | null };

export type DistributionCountsFragment = { readonly count: number | null, readonly missing: number | null, readonly levels: ReadonlyArray<{ readonly level: string, readonly count: number | null }> | null, readonly bins: ReadonlyArray<{ readonly from: number | null, readonly to: number | null, readonly count: number | null }> | null, readonly summary: { readonly mean: number | null, readonly sd: number | null, readonly quantiles: ReadonlyArray<{ readonly probability: number, readonly value: number | null }> } | null };

export type ExtractionProfilesQueryVariables = Exact<{ [key: string]: never; }>;


export type ExtractionProfilesQuery = { readonly extractionProfiles: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string, readonly featureNames: ReadonlyArray<string> } }> } };

export type ExtractionProfileQueryVariables = Exact<{
  name: string;
}>;


export type ExtractionProfileQuery = { readonly extractionProfile: { readonly id: string, readonly parameters: Readonly<Record<string, unknown>> | null, readonly features: ReadonlyArray<{ readonly name: string, readonly ibsiCode: string | null, readonly isIbsiConformant: boolean }> } | null };

export type CreateExtractionProfileMutationVariables = Exact<{
  input: CreateExtractionProfileInput;
}>;


export type CreateExtractionProfileMutation = { readonly createExtractionProfile: { readonly id: string, readonly name: string, readonly featureNames: ReadonlyArray<string> } };

export type ExtractFeaturesMutationVariables = Exact<{
  input: ExtractFeaturesInput;
}>;


export type ExtractFeaturesMutation = { readonly extractFeatures: { readonly id: string, readonly state: JobState } };

export type WatchExtractionSubscriptionVariables = Exact<{
  jobId: string;
  after?: number;
}>;


export type WatchExtractionSubscription = { readonly jobEvents:
    | { readonly __typename: 'CohortErased', readonly sequence: number }
    | { readonly __typename: 'ConcordanceCorrected', readonly sequence: number }
    | { readonly __typename: 'ConcordanceEstimated', readonly sequence: number }
    | { readonly __typename: 'CoxFitCompleted', readonly sequence: number }
    | { readonly __typename: 'CrossValidated', readonly sequence: number }
    | { readonly __typename: 'ExtractionCompleted', readonly extracted: number, readonly known: number, readonly failed: number, readonly sequence: number }
    | { readonly __typename: 'FeaturesScreened', readonly sequence: number }
    | { readonly __typename: 'FitIterated', readonly sequence: number }
    | { readonly __typename: 'FoldCompleted', readonly sequence: number }
    | { readonly __typename: 'JobCancelled', readonly sequence: number }
    | { readonly __typename: 'JobFailed', readonly sequence: number, readonly failure: { readonly code: string, readonly message: string, readonly details: Readonly<Record<string, unknown>> } }
    | { readonly __typename: 'JobProgress', readonly done: number, readonly total: number, readonly sequence: number }
    | { readonly __typename: 'JobQueued', readonly sequence: number }
    | { readonly __typename: 'JobStarted', readonly sequence: number }
    | { readonly __typename: 'ModelEstimated', readonly sequence: number }
    | { readonly __typename: 'ModelNotFitted', readonly sequence: number }
    | { readonly __typename: 'PatientsExcluded', readonly sequence: number }
    | { readonly __typename: 'PatientsSelected', readonly sequence: number }
    | { readonly __typename: 'PenaltySolved', readonly sequence: number }
    | { readonly __typename: 'RiskGroupsCompared', readonly sequence: number }
    | { readonly __typename: 'RoiExtracted', readonly roiId: string, readonly featureVectorId: string, readonly sequence: number }
    | { readonly __typename: 'RoiFailed', readonly roiId: string, readonly sequence: number, readonly failure: { readonly code: string, readonly message: string } }
    | { readonly __typename: 'StageBegan', readonly sequence: number }
    | { readonly __typename: 'StageEnded', readonly sequence: number }
    | { readonly __typename: 'StudyCompleted', readonly sequence: number }
    | { readonly __typename: 'SurvivalCurveEstimated', readonly sequence: number }
    | { readonly __typename: 'WarningRaised', readonly sequence: number }
   };

export type FeatureMatrixQueryVariables = Exact<{
  key: string;
  profileId: string;
  names?: ReadonlyArray<string> | string | null | undefined;
  filter?: RoiFilter | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type FeatureMatrixQuery = { readonly cohort: { readonly featureVectors: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly values: ReadonlyArray<number | null>, readonly patient: { readonly subjectKey: string }, readonly roi: { readonly id: string, readonly lesion: string, readonly reader: string, readonly session: number, readonly scan: { readonly modality: string, readonly phase: string } } | null, readonly warnings: ReadonlyArray<{ readonly code: string, readonly message: string, readonly subject: string | null }> } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type FeatureVectorQueryVariables = Exact<{
  id: string;
}>;


export type FeatureVectorQuery = { readonly featureVector: { readonly values: ReadonlyArray<number | null>, readonly extractorVersion: string, readonly contentKey: string, readonly diagnostics: Readonly<Record<string, unknown>>, readonly profile: { readonly name: string, readonly featureNames: ReadonlyArray<string> }, readonly roi: { readonly mask: { readonly sha256: string }, readonly scan: { readonly image: { readonly sha256: string } } } | null } | null };

export type ExportAddressQueryVariables = Exact<{
  key: string;
  profileId: string;
}>;


export type ExportAddressQuery = { readonly cohort: { readonly key: string, readonly featureVectors: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly node: { readonly profile: { readonly name: string } } }> } } | null };

export type FeatureMatrixBytesQueryVariables = Exact<{
  key: string;
  profile: string;
  names?: ReadonlyArray<string> | string | null | undefined;
  filter?: RoiFilter | null | undefined;
  patients?: PatientFilterInput | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type FeatureMatrixBytesQuery = { readonly cohort: { readonly featureMatrix: { readonly names: ReadonlyArray<string>, readonly values: string, readonly totalCount: number, readonly rows: ReadonlyArray<{ readonly featureVectorId: string, readonly patient: { readonly subjectKey: string }, readonly roi: { readonly lesion: string, readonly reader: string, readonly session: number, readonly scan: { readonly modality: string, readonly phase: string } } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type ReadJobQueryVariables = Exact<{
  id: string;
  first?: number;
  after?: string | null | undefined;
}>;


export type ReadJobQuery = { readonly job: { readonly id: string, readonly kind: JobKind, readonly state: JobState, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly lastSequence: number, readonly failure: { readonly code: string, readonly message: string, readonly details: Readonly<Record<string, unknown>> } | null, readonly events: { readonly edges: ReadonlyArray<{ readonly node:
          | { readonly __typename: 'CohortErased', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'ConcordanceCorrected', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'ConcordanceEstimated', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'CoxFitCompleted', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'CrossValidated', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'ExtractionCompleted', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'FeaturesScreened', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'FitIterated', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'FoldCompleted', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'JobCancelled', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'JobFailed', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'JobProgress', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'JobQueued', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'JobStarted', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'ModelEstimated', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'ModelNotFitted', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'PatientsExcluded', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'PatientsSelected', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'PenaltySolved', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'RiskGroupsCompared', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'RoiExtracted', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'RoiFailed', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'StageBegan', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'StageEnded', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'StudyCompleted', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'SurvivalCurveEstimated', readonly sequence: number, readonly recordedAt: string }
          | { readonly __typename: 'WarningRaised', readonly sequence: number, readonly recordedAt: string }
         }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type WatchJobSubscriptionVariables = Exact<{
  jobId: string;
  after?: number;
}>;


export type WatchJobSubscription = { readonly jobEvents:
    | { readonly __typename: 'CohortErased', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'ConcordanceCorrected', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'ConcordanceEstimated', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'CoxFitCompleted', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'CrossValidated', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'ExtractionCompleted', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'FeaturesScreened', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'FitIterated', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'FoldCompleted', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'JobCancelled', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'JobFailed', readonly sequence: number, readonly recordedAt: string, readonly failure: { readonly code: string, readonly message: string, readonly details: Readonly<Record<string, unknown>> } }
    | { readonly __typename: 'JobProgress', readonly stage: string, readonly done: number, readonly total: number, readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'JobQueued', readonly place: number, readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'JobStarted', readonly attempt: number, readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'ModelEstimated', readonly endpoint: string | null, readonly model: string | null, readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'ModelNotFitted', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'PatientsExcluded', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'PatientsSelected', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'PenaltySolved', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'RiskGroupsCompared', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'RoiExtracted', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'RoiFailed', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'StageBegan', readonly endpoint: string | null, readonly model: string | null, readonly studyStage: StudyStage, readonly candidates: number, readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'StageEnded', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'StudyCompleted', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'SurvivalCurveEstimated', readonly sequence: number, readonly recordedAt: string }
    | { readonly __typename: 'WarningRaised', readonly sequence: number, readonly recordedAt: string, readonly warning: { readonly code: string, readonly message: string } }
   };

export type CancelJobMutationVariables = Exact<{
  jobId: string;
}>;


export type CancelJobMutation = { readonly cancelJob: { readonly id: string, readonly state: JobState } };

export type PredictionLineageQueryVariables = Exact<{
  id: string;
}>;


export type PredictionLineageQuery = { readonly prediction: { readonly id: string, readonly linearPredictor: number, readonly model: { readonly id: string, readonly name: string | null, readonly endpoint: string, readonly contentKey: string, readonly versions: ReadonlyArray<{ readonly name: string, readonly version: string }> | null, readonly study: { readonly id: string, readonly name: string, readonly cohortVersion: { readonly number: number, readonly contentHash: string } | null, readonly provenance: { readonly specificationHash: string, readonly dataHash: string | null, readonly resultHash: string | null } } | null }, readonly featureVectors: ReadonlyArray<{ readonly id: string, readonly contentKey: string, readonly extractorVersion: string, readonly profile: { readonly name: string }, readonly roi: { readonly reader: string, readonly session: number, readonly mask: { readonly sha256: string }, readonly scan: { readonly id: string, readonly modality: string, readonly phase: string, readonly image: { readonly sha256: string, readonly format: string } } } | null }> } | null };

export type ScanLineageQueryVariables = Exact<{
  id: string;
  first?: number;
  after?: string | null | undefined;
}>;


export type ScanLineageQuery = { readonly scan: { readonly id: string, readonly rois: ReadonlyArray<{ readonly id: string, readonly reader: string, readonly featureVectors: ReadonlyArray<{ readonly id: string, readonly profile: { readonly name: string } }> }>, readonly models: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string | null, readonly endpoint: string } }> }, readonly studies: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string } }> }, readonly predictions: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly riskGroup: RiskGroup, readonly model: { readonly id: string } } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type PatientPageQueryVariables = Exact<{
  id: string;
}>;


export type PatientPageQuery = { readonly patient: { readonly id: string, readonly subjectKey: string, readonly site: string | null, readonly cohort: { readonly key: string, readonly name: string }, readonly covariates: ReadonlyArray<{ readonly name: string, readonly number: number | null, readonly level: string | null }>, readonly outcomes: ReadonlyArray<{ readonly endpoint: string, readonly time: number, readonly timeUnit: TimeUnit, readonly event: boolean }>, readonly scans: ReadonlyArray<{ readonly id: string, readonly modality: string, readonly phase: string, readonly rois: ReadonlyArray<{ readonly id: string, readonly reader: string, readonly session: number }> }>, readonly predictions: ReadonlyArray<{ readonly subset: Subset, readonly linearPredictor: number, readonly riskGroup: RiskGroup, readonly model: { readonly id: string, readonly name: string | null, readonly endpoint: string, readonly study: { readonly id: string, readonly name: string } | null } }> } | null };

export type ScanDetailsQueryVariables = Exact<{
  id: string;
}>;


export type ScanDetailsQuery = { readonly scan: { readonly modality: string, readonly phase: string, readonly patient: { readonly id: string, readonly subjectKey: string }, readonly image: { readonly sha256: string, readonly format: string, readonly size: ReadonlyArray<number>, readonly spacing: ReadonlyArray<number>, readonly voxelType: string }, readonly rois: ReadonlyArray<{ readonly id: string, readonly lesion: string, readonly reader: string, readonly session: number, readonly voxelCount: number }> } | null };

export type RoiDetailsQueryVariables = Exact<{
  id: string;
}>;


export type RoiDetailsQuery = { readonly roi: { readonly lesion: string, readonly reader: string, readonly session: number, readonly voxelCount: number, readonly mask: { readonly sha256: string }, readonly scan: { readonly id: string, readonly modality: string, readonly phase: string }, readonly featureVectors: ReadonlyArray<{ readonly id: string, readonly createdAt: string, readonly profile: { readonly name: string } }> } | null };

export type PredictQueryVariables = Exact<{
  modelId: string;
  patient: PredictedPatientInput;
  horizons?: ReadonlyArray<number> | number | null | undefined;
}>;


export type PredictQuery = { readonly predict:
    | { readonly radscore: number | null, readonly linearPredictor: number, readonly riskGroup: RiskGroup, readonly totalPoints: number | null, readonly survival: ReadonlyArray<{ readonly horizon: number, readonly survival: number, readonly lower: number | null, readonly upper: number | null, readonly isWithinFollowUp: boolean }>, readonly points: ReadonlyArray<{ readonly variable: string, readonly points: number }> | null }
    | { readonly failure: { readonly code: string, readonly message: string, readonly details: Readonly<Record<string, unknown>> } }
   };

export type ImportOutcomesMutationVariables = Exact<{
  input: ImportOutcomesInput;
}>;


export type ImportOutcomesMutation = { readonly importOutcomes:
    | { readonly __typename: 'OutcomeConflicts', readonly total: number, readonly conflicts: ReadonlyArray<{ readonly subjectKey: string, readonly endpoint: string }> }
    | { readonly __typename: 'OutcomeImport', readonly id: string, readonly registry: string, readonly endpoints: ReadonlyArray<string> | null, readonly contentHash: string, readonly patientCount: number, readonly unknownCount: number, readonly outcomeCount: number, readonly addedCount: number, readonly fetchedAt: string }
   };

export type CreateStudyMutationVariables = Exact<{
  input: StudyInput;
}>;


export type CreateStudyMutation = { readonly createStudy: { readonly id: string, readonly specification: { readonly iccThreshold: number, readonly univariateP: number, readonly correlationThreshold: number, readonly lambda: LambdaChoice, readonly horizons: ReadonlyArray<number>, readonly endpoints: ReadonlyArray<{ readonly name: string, readonly outcomes: ReadonlyArray<string>, readonly origin: string | null, readonly landmark: number }> } } };

export type RunStudyMutationVariables = Exact<{
  id: string;
}>;


export type RunStudyMutation = { readonly runStudy: { readonly id: string, readonly state: JobState } };

export type WatchStudySubscriptionVariables = Exact<{
  jobId: string;
  after?: number;
}>;


export type WatchStudySubscription = { readonly jobEvents:
    | { readonly __typename: 'CohortErased', readonly sequence: number }
    | { readonly __typename: 'ConcordanceCorrected', readonly endpoint: string | null, readonly model: string | null, readonly wholePipeline: boolean, readonly replicate: number, readonly replicates: number, readonly apparent: number, readonly corrected: number, readonly sequence: number }
    | { readonly __typename: 'ConcordanceEstimated', readonly endpoint: string | null, readonly model: string | null, readonly sequence: number, readonly concordance: { readonly subset: Subset, readonly estimate: number | null, readonly lower: number | null, readonly upper: number | null } }
    | { readonly __typename: 'CoxFitCompleted', readonly sequence: number }
    | { readonly __typename: 'CrossValidated', readonly endpoint: string | null, readonly model: string | null, readonly sequence: number, readonly crossValidation: { readonly lambda: ReadonlyArray<number>, readonly mean: ReadonlyArray<number>, readonly standardError: ReadonlyArray<number>, readonly nonZero: ReadonlyArray<number>, readonly best: number, readonly oneStandardError: number, readonly chosen: number } }
    | { readonly __typename: 'ExtractionCompleted', readonly sequence: number }
    | { readonly __typename: 'FeaturesScreened', readonly endpoint: string | null, readonly model: string | null, readonly done: number, readonly total: number, readonly significant: number, readonly sequence: number }
    | { readonly __typename: 'FitIterated', readonly sequence: number }
    | { readonly __typename: 'FoldCompleted', readonly endpoint: string | null, readonly model: string | null, readonly fold: number, readonly folds: number, readonly sequence: number }
    | { readonly __typename: 'JobCancelled', readonly sequence: number }
    | { readonly __typename: 'JobFailed', readonly sequence: number, readonly failure: { readonly code: string, readonly message: string, readonly details: Readonly<Record<string, unknown>> } }
    | { readonly __typename: 'JobProgress', readonly sequence: number }
    | { readonly __typename: 'JobQueued', readonly sequence: number }
    | { readonly __typename: 'JobStarted', readonly sequence: number }
    | { readonly __typename: 'ModelEstimated', readonly endpoint: string | null, readonly model: string | null, readonly sequence: number, readonly coefficients: ReadonlyArray<{ readonly name: string, readonly hazardRatio: number | null, readonly hazardRatioLower: number | null, readonly hazardRatioUpper: number | null, readonly p: number | null }> }
    | { readonly __typename: 'ModelNotFitted', readonly endpoint: string | null, readonly model: string | null, readonly sequence: number, readonly failure: { readonly code: string, readonly message: string } }
    | { readonly __typename: 'PatientsExcluded', readonly reason: string, readonly patients: number, readonly sequence: number }
    | { readonly __typename: 'PatientsSelected', readonly sequence: number }
    | { readonly __typename: 'PenaltySolved', readonly endpoint: string | null, readonly model: string | null, readonly index: number, readonly lambda: number, readonly explained: number, readonly nonZero: number, readonly sequence: number }
    | { readonly __typename: 'RiskGroupsCompared', readonly endpoint: string | null, readonly model: string | null, readonly sequence: number, readonly comparison: { readonly subset: Subset, readonly logRank: { readonly statistic: number, readonly p: number } } }
    | { readonly __typename: 'RoiExtracted', readonly sequence: number }
    | { readonly __typename: 'RoiFailed', readonly sequence: number }
    | { readonly __typename: 'StageBegan', readonly sequence: number }
    | { readonly __typename: 'StageEnded', readonly endpoint: string | null, readonly model: string | null, readonly studyStage: StudyStage, readonly entered: number, readonly remaining: number, readonly sequence: number, readonly dropped: ReadonlyArray<{ readonly reason: DropReason, readonly count: number }> }
    | { readonly __typename: 'StudyCompleted', readonly studyId: string, readonly resultHash: string, readonly reused: boolean, readonly sequence: number }
    | { readonly __typename: 'SurvivalCurveEstimated', readonly endpoint: string | null, readonly model: string | null, readonly sequence: number, readonly curve: { readonly subset: Subset, readonly riskGroup: RiskGroup, readonly time: ReadonlyArray<number>, readonly survival: ReadonlyArray<number>, readonly lower: ReadonlyArray<number | null>, readonly upper: ReadonlyArray<number | null>, readonly atRisk: ReadonlyArray<number> } }
    | { readonly __typename: 'WarningRaised', readonly endpoint: string | null, readonly model: string | null, readonly sequence: number, readonly warning: { readonly code: string, readonly message: string } }
   };

export type ReadStudyQueryVariables = Exact<{
  id: string;
}>;


export type ReadStudyQuery = { readonly study: { readonly name: string, readonly provenance: { readonly specificationHash: string, readonly dataHash: string | null, readonly resultHash: string | null, readonly versions: ReadonlyArray<{ readonly name: string, readonly version: string }> | null }, readonly attrition: { readonly candidates: number | null, readonly training: number | null, readonly validation: number | null, readonly excluded: ReadonlyArray<{ readonly reason: string, readonly patients: number | null }> } | null, readonly characteristics: ReadonlyArray<
      | { readonly name: string, readonly test: CharacteristicTest | null, readonly p: number | null, readonly levels: ReadonlyArray<{ readonly level: string, readonly training: number | null, readonly validation: number | null }> }
      | { readonly name: string, readonly test: CharacteristicTest | null, readonly p: number | null, readonly training: { readonly median: number | null, readonly lowerQuartile: number | null, readonly upperQuartile: number | null }, readonly validation: { readonly median: number | null, readonly lowerQuartile: number | null, readonly upperQuartile: number | null } }
    > | null, readonly endpoints: ReadonlyArray<{ readonly endpoint: string, readonly timeUnit: TimeUnit, readonly subsets: ReadonlyArray<{ readonly subset: Subset, readonly patients: number | null, readonly events: number | null, readonly medianFollowUp: number | null }>, readonly models: ReadonlyArray<{ readonly name: string, readonly kind: StudyModelKind, readonly attrition: ReadonlyArray<{ readonly stage: StudyStage, readonly entered: number, readonly remaining: number, readonly kept: ReadonlyArray<string>, readonly dropped: ReadonlyArray<{ readonly reason: DropReason, readonly count: number }> }>, readonly outcome:
          | { readonly id: string, readonly radscore: { readonly lambda: number, readonly features: ReadonlyArray<{ readonly name: string, readonly mean: number, readonly standardDeviation: number, readonly coefficient: number }> } | null, readonly univariate: ReadonlyArray<{ readonly name: string, readonly hazardRatio: number | null, readonly hazardRatioLower: number | null, readonly hazardRatioUpper: number | null, readonly p: number | null }> | null, readonly coefficients: ReadonlyArray<{ readonly name: string, readonly hazardRatio: number | null, readonly hazardRatioLower: number | null, readonly hazardRatioUpper: number | null, readonly p: number | null }>, readonly concordance: ReadonlyArray<{ readonly subset: Subset, readonly estimate: number | null, readonly lower: number | null, readonly upper: number | null }>, readonly performance: ReadonlyArray<{ readonly uno: number | null, readonly integratedBrier: number | null, readonly hazardRatio: { readonly hazardRatio: number | null, readonly p: number | null } | null, readonly horizons: ReadonlyArray<{ readonly horizon: number, readonly auc: number | null, readonly brier: number | null, readonly referenceBrier: number | null }> }> | null, readonly calibration: ReadonlyArray<{ readonly horizon: number, readonly subset: Subset, readonly groups: ReadonlyArray<{ readonly predicted: number | null, readonly observed: number | null, readonly lower: number | null, readonly upper: number | null, readonly corrected: number | null }>, readonly smooth: { readonly ici: number } | null }> | null, readonly nomogram: { readonly totalPoints: ReadonlyArray<number>, readonly variables: ReadonlyArray<{ readonly name: string, readonly ticks: ReadonlyArray<{ readonly label: string, readonly points: number }> }>, readonly survival: ReadonlyArray<{ readonly horizon: number, readonly ticks: ReadonlyArray<{ readonly probability: number, readonly points: number }> }> } | null, readonly proportionalHazards: ReadonlyArray<{ readonly term: string, readonly statistic: number, readonly p: number }> | null, readonly optimism: { readonly corrected: number, readonly lower: number, readonly upper: number } | null, readonly pipelineOptimism: { readonly corrected: number, readonly lower: number, readonly upper: number } | null }
          | { readonly failure: { readonly code: string, readonly message: string } }
         }>, readonly comparisons: ReadonlyArray<{ readonly subset: Subset, readonly first: string, readonly second: string, readonly difference: number, readonly lower: number | null, readonly upper: number | null, readonly p: number }> }> | null } | null };

export type CreateStudyReportMutationVariables = Exact<{
  id: string;
}>;


export type CreateStudyReportMutation = { readonly createStudyReport: ReadonlyArray<{ readonly path: string, readonly mediaType: string, readonly byteLength: number, readonly sha256: string, readonly url: string }> };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { readonly viewer: { readonly id: string, readonly kind: PrincipalKind, readonly expiresAt: string | null, readonly grants: ReadonlyArray<{ readonly role: Role, readonly cohortKey: string | null, readonly site: string | null }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const DistributionCountsFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment DistributionCounts on CovariateCounts {
  count
  missing
  levels {
    level
    count
  }
  bins {
    from
    to
    count
  }
  summary {
    mean
    sd
    quantiles {
      probability
      value
    }
  }
}
    `, {"fragmentName":"DistributionCounts"}) as unknown as TypedDocumentString<DistributionCountsFragment, unknown>;
export const CreateCohortDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateCohort($input: CreateCohortInput!) {
  createCohort(input: $input) {
    id
    key
    name
  }
}
    `) as unknown as TypedDocumentString<CreateCohortMutation, CreateCohortMutationVariables>;
export const AddPatientsDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation AddPatients($cohortId: ID!, $patients: [PatientInput!]!) {
  addPatients(cohortId: $cohortId, patients: $patients) {
    id
    subjectKey
  }
}
    `) as unknown as TypedDocumentString<AddPatientsMutation, AddPatientsMutationVariables>;
export const KnownObjectsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query KnownObjects($sha256: [String!]!) {
  objects(sha256: $sha256) {
    sha256
    format
    byteLength
    size
    spacing
  }
}
    `) as unknown as TypedDocumentString<KnownObjectsQuery, KnownObjectsQueryVariables>;
export const AddScansDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation AddScans($scans: [ScanInput!]!) {
  addScans(scans: $scans) {
    id
    modality
    phase
    image {
      sha256
      size
      spacing
    }
  }
}
    `) as unknown as TypedDocumentString<AddScansMutation, AddScansMutationVariables>;
export const AddRoisDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation AddRois($rois: [RoiInput!]!) {
  addRois(rois: $rois) {
    id
    lesion
    reader
    session
    voxelCount
  }
}
    `) as unknown as TypedDocumentString<AddRoisMutation, AddRoisMutationVariables>;
export const CreateApiKeyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    secret
    key {
      id
      prefix
      expiresAt
    }
  }
}
    `) as unknown as TypedDocumentString<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
export const ApiKeysDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ApiKeys($first: Int! = 50, $after: String) {
  apiKeys(first: $first, after: $after) {
    edges {
      node {
        id
        name
        prefix
        createdAt
        createdBy
        expiresAt
        revokedAt
        grants {
          role
          cohortKey
          site
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ApiKeysQuery, ApiKeysQueryVariables>;
export const RevokeApiKeyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RevokeApiKey($id: ID!) {
  revokeApiKey(id: $id) {
    id
    revokedAt
  }
}
    `) as unknown as TypedDocumentString<RevokeApiKeyMutation, RevokeApiKeyMutationVariables>;
export const GrantRoleDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation GrantRole($principal: String!, $grant: GrantInput!) {
  grantRole(principal: $principal, grant: $grant) {
    id
    principal
    role
    cohortKey
    site
  }
}
    `) as unknown as TypedDocumentString<GrantRoleMutation, GrantRoleMutationVariables>;
export const GrantsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Grants($principal: String, $first: Int! = 50, $after: String) {
  grants(principal: $principal, first: $first, after: $after) {
    edges {
      node {
        id
        principal
        role
        cohortKey
        site
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<GrantsQuery, GrantsQueryVariables>;
export const WithdrawGrantDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation WithdrawGrant($id: ID!) {
  withdrawGrant(id: $id) {
    id
    principal
  }
}
    `) as unknown as TypedDocumentString<WithdrawGrantMutation, WithdrawGrantMutationVariables>;
export const AuditEntriesDocument = /*#__PURE__*/ new TypedDocumentString(`
    query AuditEntries($filter: AuditFilterInput, $first: Int! = 50, $after: String) {
  auditEntries(filter: $filter, first: $first, after: $after) {
    edges {
      node {
        sequence
        at
        principal
        action
        objectKind
        objectId
        outcome
        hash
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<AuditEntriesQuery, AuditEntriesQueryVariables>;
export const ErasePatientDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ErasePatient($id: ID!, $reason: String!) {
  erasePatient(id: $id, reason: $reason) {
    patientId
    erasedAt
    studyCount
    modelCount
    objectCount
  }
}
    `) as unknown as TypedDocumentString<ErasePatientMutation, ErasePatientMutationVariables>;
export const EraseCohortDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation EraseCohort($id: ID!, $key: String!, $reason: String!) {
  eraseCohort(id: $id, key: $key, reason: $reason) {
    id
    kind
    state
  }
}
    `) as unknown as TypedDocumentString<EraseCohortMutation, EraseCohortMutationVariables>;
export const CohortsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Cohorts($first: Int! = 20, $after: String) {
  cohorts(first: $first, after: $after) {
    totalCount
    edges {
      node {
        id
        key
        name
        description
        patientCount
        endpoints
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<CohortsQuery, CohortsQueryVariables>;
export const CohortPageDocument = /*#__PURE__*/ new TypedDocumentString(`
    query CohortPage($key: String!, $first: Int! = 50, $after: String, $filter: PatientFilterInput, $orderBy: PatientOrderInput) {
  cohort(key: $key) {
    id
    name
    description
    patientCount
    endpoints
    covariates {
      name
      kind
      levels
      unit
    }
    patients(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      totalCount
      edges {
        cursor
        node {
          id
          subjectKey
          site
          covariates {
            name
            number
            level
          }
          outcomes {
            endpoint
            time
            timeUnit
            event
          }
          scans {
            id
            modality
            phase
            rois {
              id
              lesion
              reader
              session
              voxelCount
            }
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CohortPageQuery, CohortPageQueryVariables>;
export const CohortResultsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query CohortResults($key: String!) {
  cohort(key: $key) {
    id
    jobs(first: 20) {
      edges {
        node {
          id
          kind
          state
          createdAt
          finishedAt
        }
      }
    }
    studies(first: 20) {
      edges {
        node {
          id
          name
          createdAt
          completedAt
        }
      }
    }
    models(first: 20) {
      edges {
        node {
          id
          name
          endpoint
          concordance {
            subset
            estimate
            lower
            upper
          }
        }
      }
    }
    versions(first: 20) {
      edges {
        node {
          number
          contentHash
          createdAt
          patientCount
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CohortResultsQuery, CohortResultsQueryVariables>;
export const FreezeCohortDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation FreezeCohort($id: ID!) {
  freezeCohort(id: $id) {
    id
    number
    contentHash
    patientCount
    scanCount
    roiCount
  }
}
    `) as unknown as TypedDocumentString<FreezeCohortMutation, FreezeCohortMutationVariables>;
export const CompareStudiesDocument = /*#__PURE__*/ new TypedDocumentString(`
    query CompareStudies($ids: [ID!]!) {
  compareStudies(ids: $ids) {
    studies {
      id
      name
    }
    differences {
      field
      values
    }
    concordance {
      endpoint
      model
      subset
      concordance {
        estimate
        lower
        upper
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CompareStudiesQuery, CompareStudiesQueryVariables>;
export const FitCoxModelDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation FitCoxModel($input: FitCoxModelInput!) {
  fitCoxModel(input: $input) {
    id
    state
  }
}
    `) as unknown as TypedDocumentString<FitCoxModelMutation, FitCoxModelMutationVariables>;
export const WatchFitDocument = /*#__PURE__*/ new TypedDocumentString(`
    subscription WatchFit($jobId: ID!, $after: Int! = 0) {
  jobEvents(jobId: $jobId, after: $after) {
    __typename
    sequence
    ... on PatientsSelected {
      training
      trainingEvents
      validation
      validationEvents
      excluded
      timeUnit
    }
    ... on FitIterated {
      iteration
      logLikelihood
    }
    ... on ModelEstimated {
      coefficients {
        name
        hazardRatio
        hazardRatioLower
        hazardRatioUpper
        p
      }
      converged
    }
    ... on ConcordanceEstimated {
      concordance {
        subset
        estimate
        lower
        upper
      }
    }
    ... on SurvivalCurveEstimated {
      curve {
        subset
        riskGroup
        time
        survival
        lower
        upper
        atRisk
        median
      }
    }
    ... on RiskGroupsCompared {
      comparison {
        subset
        logRank {
          statistic
          p
        }
      }
    }
    ... on WarningRaised {
      warning {
        code
        message
        subject
      }
    }
    ... on CoxFitCompleted {
      modelId
      reused
    }
    ... on JobFailed {
      failure {
        code
        message
        details
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WatchFitSubscription, WatchFitSubscriptionVariables>;
export const ReadModelDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ReadModel($id: ID!) {
  model(id: $id) {
    id
    endpoint
    cutpoint
    coefficients {
      name
      coefficient
      standardError
      hazardRatio
      hazardRatioLower
      hazardRatioUpper
      z
      p
    }
    concordance {
      subset
      estimate
      standardError
      lower
      upper
    }
    survivalCurves {
      subset
      riskGroup
      patients
      events
      time
      survival
      lower
      upper
      atRisk
      median
    }
    riskComparisons {
      subset
      logRank {
        statistic
        degreesOfFreedom
        p
      }
    }
    warnings {
      code
      message
      subject
    }
  }
}
    `) as unknown as TypedDocumentString<ReadModelQuery, ReadModelQueryVariables>;
export const ModelPredictionsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ModelPredictions($id: ID!, $first: Int! = 100, $after: String) {
  model(id: $id) {
    predictions(first: $first, after: $after) {
      totalCount
      edges {
        node {
          id
          patient {
            id
            subjectKey
          }
          subset
          linearPredictor
          riskGroup
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ModelPredictionsQuery, ModelPredictionsQueryVariables>;
export const DistributionDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Distribution($key: String!, $covariate: String!, $filter: PatientFilterInput, $by: PatientGroupingInput, $bins: HistogramInput! = {count: 10}, $quantiles: [Float!]! = [0, 0.25, 0.5, 0.75, 1]) {
  cohort(key: $key) {
    patientCount(filter: $filter)
    distribution(
      covariate: $covariate
      filter: $filter
      by: $by
      bins: $bins
      quantiles: $quantiles
    ) {
      covariate {
        name
        kind
        unit
      }
      all {
        ...DistributionCounts
      }
      groups {
        level
        event
        counts {
          ...DistributionCounts
        }
      }
    }
  }
}
    fragment DistributionCounts on CovariateCounts {
  count
  missing
  levels {
    level
    count
  }
  bins {
    from
    to
    count
  }
  summary {
    mean
    sd
    quantiles {
      probability
      value
    }
  }
}`) as unknown as TypedDocumentString<DistributionQuery, DistributionQueryVariables>;
export const ExtractionProfilesDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ExtractionProfiles {
  extractionProfiles(first: 100) {
    edges {
      node {
        id
        name
        featureNames
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ExtractionProfilesQuery, ExtractionProfilesQueryVariables>;
export const ExtractionProfileDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ExtractionProfile($name: String!) {
  extractionProfile(name: $name) {
    id
    parameters
    features {
      name
      ibsiCode
      isIbsiConformant
    }
  }
}
    `) as unknown as TypedDocumentString<ExtractionProfileQuery, ExtractionProfileQueryVariables>;
export const CreateExtractionProfileDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateExtractionProfile($input: CreateExtractionProfileInput!) {
  createExtractionProfile(input: $input) {
    id
    name
    featureNames
  }
}
    `) as unknown as TypedDocumentString<CreateExtractionProfileMutation, CreateExtractionProfileMutationVariables>;
export const ExtractFeaturesDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ExtractFeatures($input: ExtractFeaturesInput!) {
  extractFeatures(input: $input) {
    id
    state
  }
}
    `) as unknown as TypedDocumentString<ExtractFeaturesMutation, ExtractFeaturesMutationVariables>;
export const WatchExtractionDocument = /*#__PURE__*/ new TypedDocumentString(`
    subscription WatchExtraction($jobId: ID!, $after: Int! = 0) {
  jobEvents(jobId: $jobId, after: $after) {
    __typename
    sequence
    ... on JobProgress {
      done
      total
    }
    ... on RoiExtracted {
      roiId
      featureVectorId
    }
    ... on RoiFailed {
      roiId
      failure {
        code
        message
      }
    }
    ... on ExtractionCompleted {
      extracted
      known
      failed
    }
    ... on JobFailed {
      failure {
        code
        message
        details
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WatchExtractionSubscription, WatchExtractionSubscriptionVariables>;
export const FeatureMatrixDocument = /*#__PURE__*/ new TypedDocumentString(`
    query FeatureMatrix($key: String!, $profileId: ID!, $names: [String!], $filter: RoiFilter, $first: Int! = 200, $after: String) {
  cohort(key: $key) {
    featureVectors(
      profileId: $profileId
      filter: $filter
      first: $first
      after: $after
    ) {
      totalCount
      edges {
        node {
          id
          patient {
            subjectKey
          }
          roi {
            id
            lesion
            reader
            session
            scan {
              modality
              phase
            }
          }
          values(names: $names)
          warnings {
            code
            message
            subject
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FeatureMatrixQuery, FeatureMatrixQueryVariables>;
export const FeatureVectorDocument = /*#__PURE__*/ new TypedDocumentString(`
    query FeatureVector($id: ID!) {
  featureVector(id: $id) {
    values
    extractorVersion
    contentKey
    diagnostics
    profile {
      name
      featureNames
    }
    roi {
      mask {
        sha256
      }
      scan {
        image {
          sha256
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FeatureVectorQuery, FeatureVectorQueryVariables>;
export const ExportAddressDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ExportAddress($key: String!, $profileId: ID!) {
  cohort(key: $key) {
    key
    featureVectors(profileId: $profileId, first: 1) {
      totalCount
      edges {
        node {
          profile {
            name
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ExportAddressQuery, ExportAddressQueryVariables>;
export const FeatureMatrixBytesDocument = /*#__PURE__*/ new TypedDocumentString(`
    query FeatureMatrixBytes($key: String!, $profile: String!, $names: [String!], $filter: RoiFilter, $patients: PatientFilterInput, $first: Int! = 1000, $after: String) {
  cohort(key: $key) {
    featureMatrix(
      profile: $profile
      names: $names
      filter: $filter
      patients: $patients
      first: $first
      after: $after
    ) {
      names
      rows {
        featureVectorId
        patient {
          subjectKey
        }
        roi {
          lesion
          reader
          session
          scan {
            modality
            phase
          }
        }
      }
      values
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FeatureMatrixBytesQuery, FeatureMatrixBytesQueryVariables>;
export const ReadJobDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ReadJob($id: ID!, $first: Int! = 100, $after: String) {
  job(id: $id) {
    id
    kind
    state
    createdAt
    startedAt
    finishedAt
    lastSequence
    failure {
      code
      message
      details
    }
    events(first: $first, after: $after) {
      edges {
        node {
          __typename
          sequence
          recordedAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ReadJobQuery, ReadJobQueryVariables>;
export const WatchJobDocument = /*#__PURE__*/ new TypedDocumentString(`
    subscription WatchJob($jobId: ID!, $after: Int! = 0) {
  jobEvents(jobId: $jobId, after: $after) {
    __typename
    sequence
    recordedAt
    ... on JobQueued {
      place
    }
    ... on JobStarted {
      attempt
    }
    ... on JobProgress {
      stage
      done
      total
    }
    ... on StageBegan {
      endpoint
      model
      studyStage
      candidates
    }
    ... on ModelEstimated {
      endpoint
      model
    }
    ... on WarningRaised {
      warning {
        code
        message
      }
    }
    ... on JobFailed {
      failure {
        code
        message
        details
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WatchJobSubscription, WatchJobSubscriptionVariables>;
export const CancelJobDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CancelJob($jobId: ID!) {
  cancelJob(jobId: $jobId) {
    id
    state
  }
}
    `) as unknown as TypedDocumentString<CancelJobMutation, CancelJobMutationVariables>;
export const PredictionLineageDocument = /*#__PURE__*/ new TypedDocumentString(`
    query PredictionLineage($id: ID!) {
  prediction(id: $id) {
    id
    linearPredictor
    model {
      id
      name
      endpoint
      contentKey
      versions {
        name
        version
      }
      study {
        id
        name
        cohortVersion {
          number
          contentHash
        }
        provenance {
          specificationHash
          dataHash
          resultHash
        }
      }
    }
    featureVectors {
      id
      contentKey
      extractorVersion
      profile {
        name
      }
      roi {
        reader
        session
        mask {
          sha256
        }
        scan {
          id
          modality
          phase
          image {
            sha256
            format
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PredictionLineageQuery, PredictionLineageQueryVariables>;
export const ScanLineageDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ScanLineage($id: ID!, $first: Int! = 100, $after: String) {
  scan(id: $id) {
    id
    rois {
      id
      reader
      featureVectors {
        id
        profile {
          name
        }
      }
    }
    models(first: $first) {
      totalCount
      edges {
        node {
          id
          name
          endpoint
        }
      }
    }
    studies(first: $first) {
      totalCount
      edges {
        node {
          id
          name
        }
      }
    }
    predictions(first: $first, after: $after) {
      totalCount
      edges {
        node {
          id
          riskGroup
          model {
            id
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ScanLineageQuery, ScanLineageQueryVariables>;
export const PatientPageDocument = /*#__PURE__*/ new TypedDocumentString(`
    query PatientPage($id: ID!) {
  patient(id: $id) {
    id
    subjectKey
    site
    cohort {
      key
      name
    }
    covariates {
      name
      number
      level
    }
    outcomes {
      endpoint
      time
      timeUnit
      event
    }
    scans {
      id
      modality
      phase
      rois {
        id
        reader
        session
      }
    }
    predictions {
      model {
        id
        name
        endpoint
        study {
          id
          name
        }
      }
      subset
      linearPredictor
      riskGroup
    }
  }
}
    `) as unknown as TypedDocumentString<PatientPageQuery, PatientPageQueryVariables>;
export const ScanDetailsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ScanDetails($id: ID!) {
  scan(id: $id) {
    modality
    phase
    patient {
      id
      subjectKey
    }
    image {
      sha256
      format
      size
      spacing
      voxelType
    }
    rois {
      id
      lesion
      reader
      session
      voxelCount
    }
  }
}
    `) as unknown as TypedDocumentString<ScanDetailsQuery, ScanDetailsQueryVariables>;
export const RoiDetailsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query RoiDetails($id: ID!) {
  roi(id: $id) {
    lesion
    reader
    session
    voxelCount
    mask {
      sha256
    }
    scan {
      id
      modality
      phase
    }
    featureVectors {
      id
      createdAt
      profile {
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RoiDetailsQuery, RoiDetailsQueryVariables>;
export const PredictDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Predict($modelId: ID!, $patient: PredictedPatientInput!, $horizons: [Float!]) {
  predict(modelId: $modelId, patient: $patient, horizons: $horizons) {
    ... on UnpredictablePatient {
      failure {
        code
        message
        details
      }
    }
    ... on PatientPrediction {
      radscore
      linearPredictor
      riskGroup
      survival {
        horizon
        survival
        lower
        upper
        isWithinFollowUp
      }
      points {
        variable
        points
      }
      totalPoints
    }
  }
}
    `) as unknown as TypedDocumentString<PredictQuery, PredictQueryVariables>;
export const ImportOutcomesDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ImportOutcomes($input: ImportOutcomesInput!) {
  importOutcomes(input: $input) {
    __typename
    ... on OutcomeImport {
      id
      registry
      endpoints
      contentHash
      patientCount
      unknownCount
      outcomeCount
      addedCount
      fetchedAt
    }
    ... on OutcomeConflicts {
      total
      conflicts {
        subjectKey
        endpoint
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ImportOutcomesMutation, ImportOutcomesMutationVariables>;
export const CreateStudyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateStudy($input: StudyInput!) {
  createStudy(input: $input) {
    id
    specification {
      endpoints {
        name
        outcomes
        origin
        landmark
      }
      iccThreshold
      univariateP
      correlationThreshold
      lambda
      horizons
    }
  }
}
    `) as unknown as TypedDocumentString<CreateStudyMutation, CreateStudyMutationVariables>;
export const RunStudyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RunStudy($id: ID!) {
  runStudy(id: $id) {
    id
    state
  }
}
    `) as unknown as TypedDocumentString<RunStudyMutation, RunStudyMutationVariables>;
export const WatchStudyDocument = /*#__PURE__*/ new TypedDocumentString(`
    subscription WatchStudy($jobId: ID!, $after: Int! = 0) {
  jobEvents(jobId: $jobId, after: $after) {
    __typename
    sequence
    ... on PatientsExcluded {
      reason
      patients
    }
    ... on StageEnded {
      endpoint
      model
      studyStage
      entered
      remaining
      dropped {
        reason
        count
      }
    }
    ... on FeaturesScreened {
      endpoint
      model
      done
      total
      significant
    }
    ... on PenaltySolved {
      endpoint
      model
      index
      lambda
      explained
      nonZero
    }
    ... on FoldCompleted {
      endpoint
      model
      fold
      folds
    }
    ... on CrossValidated {
      endpoint
      model
      crossValidation {
        lambda
        mean
        standardError
        nonZero
        best
        oneStandardError
        chosen
      }
    }
    ... on ModelEstimated {
      endpoint
      model
      coefficients {
        name
        hazardRatio
        hazardRatioLower
        hazardRatioUpper
        p
      }
    }
    ... on ConcordanceEstimated {
      endpoint
      model
      concordance {
        subset
        estimate
        lower
        upper
      }
    }
    ... on SurvivalCurveEstimated {
      endpoint
      model
      curve {
        subset
        riskGroup
        time
        survival
        lower
        upper
        atRisk
      }
    }
    ... on RiskGroupsCompared {
      endpoint
      model
      comparison {
        subset
        logRank {
          statistic
          p
        }
      }
    }
    ... on ConcordanceCorrected {
      endpoint
      model
      wholePipeline
      replicate
      replicates
      apparent
      corrected
    }
    ... on ModelNotFitted {
      endpoint
      model
      failure {
        code
        message
      }
    }
    ... on WarningRaised {
      endpoint
      model
      warning {
        code
        message
      }
    }
    ... on StudyCompleted {
      studyId
      resultHash
      reused
    }
    ... on JobFailed {
      failure {
        code
        message
        details
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WatchStudySubscription, WatchStudySubscriptionVariables>;
export const ReadStudyDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ReadStudy($id: ID!) {
  study(id: $id) {
    name
    provenance {
      specificationHash
      dataHash
      resultHash
      versions {
        name
        version
      }
    }
    attrition {
      candidates
      excluded {
        reason
        patients
      }
      training
      validation
    }
    characteristics {
      ... on NumericCharacteristic {
        name
        test
        p
        training {
          median
          lowerQuartile
          upperQuartile
        }
        validation {
          median
          lowerQuartile
          upperQuartile
        }
      }
      ... on CategoricalCharacteristic {
        name
        test
        p
        levels {
          level
          training
          validation
        }
      }
    }
    endpoints {
      endpoint
      timeUnit
      subsets {
        subset
        patients
        events
        medianFollowUp
      }
      models {
        name
        kind
        attrition {
          stage
          entered
          remaining
          dropped {
            reason
            count
          }
          kept
        }
        outcome {
          ... on UnfittedModel {
            failure {
              code
              message
            }
          }
          ... on Model {
            id
            radscore {
              lambda
              features {
                name
                mean
                standardDeviation
                coefficient
              }
            }
            univariate {
              name
              hazardRatio
              hazardRatioLower
              hazardRatioUpper
              p
            }
            coefficients {
              name
              hazardRatio
              hazardRatioLower
              hazardRatioUpper
              p
            }
            concordance {
              subset
              estimate
              lower
              upper
            }
            performance(subset: VALIDATION) {
              uno
              integratedBrier
              hazardRatio {
                hazardRatio
                p
              }
              horizons {
                horizon
                auc
                brier
                referenceBrier
              }
            }
            calibration {
              horizon
              subset
              groups {
                predicted
                observed
                lower
                upper
                corrected
              }
              smooth {
                ici
              }
            }
            nomogram {
              variables {
                name
                ticks {
                  label
                  points
                }
              }
              totalPoints
              survival {
                horizon
                ticks {
                  probability
                  points
                }
              }
            }
            proportionalHazards {
              term
              statistic
              p
            }
            optimism {
              corrected
              lower
              upper
            }
            pipelineOptimism {
              corrected
              lower
              upper
            }
          }
        }
      }
      comparisons {
        subset
        first
        second
        difference
        lower
        upper
        p
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ReadStudyQuery, ReadStudyQueryVariables>;
export const CreateStudyReportDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateStudyReport($id: ID!) {
  createStudyReport(id: $id) {
    path
    mediaType
    byteLength
    sha256
    url
  }
}
    `) as unknown as TypedDocumentString<CreateStudyReportMutation, CreateStudyReportMutationVariables>;
export const ViewerDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Viewer {
  viewer {
    id
    kind
    expiresAt
    grants {
      role
      cohortKey
      site
    }
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;