import { counted, listed, percent } from './notation.ts';
import type { StudyReportInput } from './study-report-input.ts';
import { type TripodItem, tripodItems } from './tripod-items.ts';

export type TripodStatus = 'REPORTED' | 'PARTLY' | 'AUTHORS' | 'NOT_APPLICABLE';

/** A point of the checklist as far as the study itself can answer it. */
export interface TripodAnswer extends TripodItem {
  readonly status: TripodStatus;
  readonly text: string;
}

type Answer = readonly [TripodStatus, string];

const unknown: Answer = ['AUTHORS', 'To be supplied by the authors.'];

/** The TRIPOD+AI checklist: where this report answers a point, in part or in full, and what is left to the authors. */
export function tripodChecklist(input: StudyReportInput): TripodAnswer[] {
  const answers = answersOf(input);
  return tripodItems.map((item) => {
    const [status, text] = answers[item.number] ?? unknown;
    return { ...item, status, text };
  });
}

function answersOf(input: StudyReportInput): Readonly<Record<string, Answer>> {
  const { specification, result, title, provenance } = input;
  const { patients, endpoints } = result;
  const names = endpoints.map(({ endpoint }) => endpoint);
  const events = endpoints.map(
    ({ endpoint, subsets }) =>
      `${endpoint}: ${subsets.map(({ subset, patients: n, events: count }) => `${subset.toLowerCase()} ${counted(count, 'event')} in ${n}`).join(', ')}`,
  );
  const missing =
    specification.missingCovariates === 'MEDIAN'
      ? 'Missing covariates were replaced by training medians or commonest levels'
      : 'Complete cases by model; those left out are counted';
  const out = patients.excluded.reduce((sum, { patients: count }) => sum + count, 0);
  const horizons =
    specification.horizons.length > 0
      ? `, horizons ${listed(specification.horizons.map(String))} months`
      : '';
  const warned = result.warnings.length > 0 ? ', and the warnings' : '';
  return {
    '1': [
      'PARTLY',
      `Working title: “${title}”; development with internal validation, outcome ${listed(names)}.`,
    ],
    '4': [
      'PARTLY',
      'Development and validation on divided data of one cohort; aims to be stated by the authors.',
    ],
    '6b': [
      'PARTLY',
      `Reasons to be left out are in the flow of patients (${out} of ${patients.candidates}); inclusion by the authors.`,
    ],
    '7': [
      'PARTLY',
      'Features by source, readings and standardisation: see Methods; image acquisition and quality by the authors.',
    ],
    '8a': [
      'PARTLY',
      `Endpoints ${listed(names)} as in Methods${horizons}; assessment and reasons by the authors.`,
    ],
    '9a': [
      'REPORTED',
      `Methods, Table “Candidates by stage”: ${counted(specification.covariates.length, 'clinical covariate')} and ${counted(
        input.data.sources.reduce((sum, { features }) => sum + features.length, 0),
        'feature',
      )} were candidates.`,
    ],
    '9b': [
      'PARTLY',
      'Features are named as their extraction profile names them; definitions of clinical covariates by the authors.',
    ],
    '10': [
      'PARTLY',
      `${patients.training} patients for training, ${patients.validation} for validation (${events.join('; ')}); the justification by the authors.`,
    ],
    '11': ['PARTLY', `${missing}; missing values by covariate are in Table 1. Reasons by the authors.`],
    '12a': [
      'REPORTED',
      `Divided into training (${percent(patients.training, patients.training + patients.validation)}) and validation: Methods.`,
    ],
    '12b': [
      'REPORTED',
      'Features standardised on training; covariates linear, or by level against the reference: Methods.',
    ],
    '12c': [
      specification.pipelineReplicates > 0 ? 'REPORTED' : 'PARTLY',
      specification.pipelineReplicates > 0
        ? 'Methods; the whole selection was repeated in the bootstrap.'
        : 'Methods; the selection was not repeated in the bootstrap, so that internal validation covers the final fit alone.',
    ],
    '12d': ['AUTHORS', 'No clusters were modelled; to be explained by the authors.'],
    '12e': ['REPORTED', 'Methods, section Assessment.'],
    '12f': ['NOT_APPLICABLE', 'No model was updated.'],
    '12g': [
      'REPORTED',
      'By the program itself, from the coefficients, means and baseline hazard in result.json.',
    ],
    '13': ['NOT_APPLICABLE', 'A time-to-event model; no method against class imbalance was used.'],
    '14': ['AUTHORS', 'No method for fairness was used; to be discussed by the authors.'],
    '15': [
      'REPORTED',
      'Linear predictor, survival by horizon, and two risk groups at the maximally selected cutpoint of training: Methods.',
    ],
    '16': ['PARTLY', 'Same cohort, divided; characteristics of both sets are compared in Table 1.'],
    '18f': [
      'PARTLY',
      `Program: ${Object.entries(provenance.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', ')}; study.json and the data reproduce the result. Access by the authors.`,
    ],
    '20a': ['REPORTED', 'Flow of patients, with events and median follow-up.'],
    '20b': [
      'PARTLY',
      'Table 1 (characteristics, missing values); dates, treatments and demographic groups by the authors.',
    ],
    '20c': ['REPORTED', 'Table 1 compares training and validation.'],
    '21': ['REPORTED', `${events.join('; ')}.`],
    '22': [
      'REPORTED',
      'Tables of coefficients and radscores, nomograms; in full precision with the baseline hazard in result.json.',
    ],
    '23a': ['PARTLY', 'Table of performance and its figures, with 95 % limits; subgroups by the authors.'],
    '23b': ['NOT_APPLICABLE', 'Clusters were not examined.'],
    '24': ['NOT_APPLICABLE', 'No model was updated.'],
    '26': [
      'PARTLY',
      `See what this report states as limitations: optimism of the selection, cutpoint chosen in training${warned}. The rest by the authors.`,
    ],
    '27a': [
      'PARTLY',
      'The program refuses to predict a patient who lacks a predictor of the model; clinical handling by the authors.',
    ],
  };
}
