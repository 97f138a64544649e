import type { EndpointResult, StudyModelKind } from '../engine/study/study-result.ts';
import { fileNamePart } from './file-name.ts';
import type { StudyReportInput } from './study-report-input.ts';
import { agreementTable, featureAgreementTable } from './tables/agreement.ts';
import { attritionTable, patientFlowTable } from './tables/attrition.ts';
import { calibrationTable } from './tables/calibration.ts';
import { characteristicsTable } from './tables/characteristics.ts';
import { coefficientTable } from './tables/coefficients.ts';
import { comparisonTable, proportionalityTable } from './tables/comparisons.ts';
import { horizonTable } from './tables/horizons.ts';
import { overallTable } from './tables/overall.ts';
import { modelLabel, performanceRows, performanceTable } from './tables/performance.ts';
import { predictionTable } from './tables/predictions.ts';
import { radscoreTable } from './tables/radscore.ts';
import type { ReportTable } from './tables/table.ts';
import { TermLabels } from './term-labels.ts';

export interface StudyTables {
  /** The paper's tables 1 to 6, or as many as there are endpoints and models for. */
  readonly main: readonly ReportTable[];
  /** Further tables, printed after them. */
  readonly supplement: readonly ReportTable[];
  /** Tables for their files alone: a row a patient or a feature. */
  readonly filesOnly: readonly ReportTable[];
}

/** Every table of a study, numbered. */
export function studyTables({ specification, data, result }: StudyReportInput): StudyTables {
  const { endpoints } = result;
  const main: ReportTable[] = [];
  const labels = new TermLabels(result.characteristics);
  const number = () => main.length + 1;
  main.push(
    characteristicsTable(
      `table-${number()}-characteristics`,
      `Table ${number()}. Characteristics of the patients in training and validation`,
      result.characteristics,
    ),
  );
  for (const kind of ['CLINICAL', 'RADIOMICS_CLINICAL'] as const)
    for (const endpoint of endpoints) main.push(...coefficientTables(endpoint, kind, number(), labels));
  main.push(
    performanceTable(
      `table-${number()}-performance`,
      `Table ${number()}. Performance of each model in training and validation`,
      performanceRows(endpoints),
    ),
  );
  const supplement: [slug: string, subject: string, make: (name: string, title: string) => ReportTable][] = [
    [
      'agreement',
      'Agreement of the features between readings',
      (name, title) => agreementTable(name, title, result.agreement, specification.iccThreshold),
    ],
    [
      'attrition',
      'Candidates by stage of the selection',
      (name, title) => attritionTable(name, title, endpoints),
    ],
    ['radscores', 'Features of the radscores', (name, title) => radscoreTable(name, title, endpoints)],
    ['overall', 'Further measures of performance', (name, title) => overallTable(name, title, endpoints)],
    ['horizons', 'Performance at each horizon', (name, title) => horizonTable(name, title, endpoints)],
    ['calibration', 'Calibration', (name, title) => calibrationTable(name, title, endpoints)],
    ['comparisons', 'Differences between models', (name, title) => comparisonTable(name, title, endpoints)],
    [
      'proportional-hazards',
      'Check of proportional hazards',
      (name, title) => proportionalityTable(name, title, endpoints),
    ],
  ];
  const featuresOf = (source: string) => data.sources.find(({ name }) => name === source)?.features ?? [];
  return {
    main,
    supplement: supplement.map(([slug, subject, make], place) =>
      make(`table-S${place + 1}-${slug}`, `Table S${place + 1}. ${subject}`),
    ),
    filesOnly: [
      patientFlowTable('patient-flow', 'Flow of patients', result.patients),
      featureAgreementTable('feature-agreement', 'Agreement by feature', result.agreement, featuresOf),
      predictionTable('predictions', 'Predictions by patient', endpoints, data.subjects),
    ],
  };
}

function coefficientTables(
  { endpoint, models }: EndpointResult,
  kind: StudyModelKind,
  first: number,
  labels: TermLabels,
): ReportTable[] {
  return models
    .filter((model) => model.kind === kind)
    .map((model, place) =>
      coefficientTable(
        `table-${first + place}-${kind === 'CLINICAL' ? 'clinical' : 'combined'}-${fileNamePart(endpoint)}`,
        `Table ${first + place}. Univariable and multivariable Cox models for ${endpoint}, ${modelLabel(model.name)}, in the training patients`,
        model,
        labels,
      ),
    );
}
