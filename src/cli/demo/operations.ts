/** The operations that the demo sends: what a client of one's own would send too. */

export const cohortScans = /* GraphQL */ `
  query CohortScans($key: String!, $after: String) {
    cohort(key: $key) {
      id
      patients(first: 200, after: $after) {
        pageInfo { hasNextPage endCursor }
        edges { node { id subjectKey scans { modality phase rois { reader session } } } }
      }
    }
  }
`;

export const createCohort = /* GraphQL */ `
  mutation CreateCohort($input: CreateCohortInput!) {
    createCohort(input: $input) { id }
  }
`;

export const addPatients = /* GraphQL */ `
  mutation AddPatients($cohortId: ID!, $patients: [PatientInput!]!) {
    addPatients(cohortId: $cohortId, patients: $patients) { id subjectKey }
  }
`;

export const knownObjects = /* GraphQL */ `
  query KnownObjects($sha256: [String!]!) {
    objects(sha256: $sha256) { sha256 }
  }
`;

export const addScans = /* GraphQL */ `
  mutation AddScans($scans: [ScanInput!]!) {
    addScans(scans: $scans) { id }
  }
`;

export const addRois = /* GraphQL */ `
  mutation AddRois($rois: [RoiInput!]!) {
    addRois(rois: $rois) { id }
  }
`;

export const extractFeatures = /* GraphQL */ `
  mutation ExtractFeatures($input: ExtractFeaturesInput!) {
    extractFeatures(input: $input) { id }
  }
`;

export const fitCoxModel = /* GraphQL */ `
  mutation FitCoxModel($input: FitCoxModelInput!) {
    fitCoxModel(input: $input) { id }
  }
`;

export const jobEvents = /* GraphQL */ `
  subscription JobEvents($jobId: ID!, $after: Int! = 0) {
    jobEvents(jobId: $jobId, after: $after) {
      __typename
      sequence
      ... on JobProgress { done total }
      ... on RoiFailed { roiId failure { code message } }
      ... on PatientsSelected { training trainingEvents validation validationEvents excluded timeUnit }
      ... on FitIterated { iteration logLikelihood }
      ... on ConcordanceEstimated { concordance { subset estimate lower upper } }
      ... on SurvivalCurveEstimated { curve { subset riskGroup patients events median medianLower medianUpper } }
      ... on RiskGroupsCompared { comparison { subset logRank { statistic p } } }
      ... on WarningRaised { warning { code message } }
      ... on ExtractionCompleted { extracted known failed }
      ... on CoxFitCompleted { modelId reused }
      ... on JobFailed { failure { code message details } }
    }
  }
`;
