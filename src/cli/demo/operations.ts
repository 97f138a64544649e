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

export const createStudy = /* GraphQL */ `
  mutation CreateStudy($input: StudyInput!) {
    createStudy(input: $input) { id }
  }
`;

export const runStudy = /* GraphQL */ `
  mutation RunStudy($id: ID!) {
    runStudy(id: $id) { id }
  }
`;

export const createStudyReport = /* GraphQL */ `
  mutation CreateStudyReport($id: ID!) {
    createStudyReport(id: $id) { path url }
  }
`;

export const jobEvents = /* GraphQL */ `
  subscription JobEvents($jobId: ID!, $after: Int! = 0) {
    jobEvents(jobId: $jobId, after: $after) {
      __typename
      sequence
      ... on JobProgress { done total }
      ... on RoiFailed { roiId failure { code message } }
      ... on ModelEstimated { endpoint model }
      ... on ConcordanceEstimated { endpoint model concordance { subset estimate lower upper } }
      ... on RiskGroupsCompared { endpoint model comparison { subset logRank { p } } }
      ... on ConcordanceCorrected { endpoint model wholePipeline replicate replicates corrected }
      ... on ModelNotFitted { endpoint model failure { code message } }
      ... on ExtractionCompleted { extracted known failed }
      ... on StudyCompleted { studyId resultHash reused }
      ... on JobFailed { failure { code message details } }
    }
  }
`;
