import type { DropReason } from '../../engine/study/study-event.ts';
import type { Attrition, EndpointResult, StudyPatients } from '../../engine/study/study-result.ts';
import { stageNames } from '../figures/stages.ts';
import { percent } from '../notation.ts';
import { modelLabel } from './performance.ts';
import { makeTable, type ReportTable } from './table.ts';

export const dropReasons: Readonly<Record<DropReason, string>> = {
  UNDEFINED: 'undefined for a patient',
  CONSTANT: 'constant',
  DISAGREEMENT: 'readings disagree',
  NOT_SIGNIFICANT: 'not significant',
  NOT_ESTIMABLE: 'not estimable',
  REDUNDANT: 'redundant',
  ZERO_COEFFICIENT: 'coefficient 0',
  ELIMINATED: 'eliminated',
};

interface AttritionRow extends Attrition {
  readonly endpoint: string;
  readonly model: string;
}

/** How many candidates each stage of each model took in and let through, why the others fell, and who remained. */
export function attritionTable(
  name: string,
  title: string,
  endpoints: readonly EndpointResult[],
): ReportTable {
  return makeTable<AttritionRow>({
    name,
    title,
    rows: endpoints.flatMap(({ endpoint, models }) =>
      models.flatMap((model) => model.attrition.map((step) => ({ endpoint, model: model.name, ...step }))),
    ),
    columns: [
      { title: 'Endpoint', text: ({ endpoint }) => endpoint },
      { title: 'Model', text: ({ model }) => modelLabel(model) },
      { title: 'Stage', text: ({ stage }) => stageNames[stage] },
      { title: 'Entered', isNumber: true, text: ({ entered }) => String(entered) },
      { title: 'Remained', isNumber: true, text: ({ remaining }) => String(remaining) },
      {
        title: 'Why the others fell',
        text: ({ dropped }) =>
          dropped
            .filter(({ count }) => count > 0)
            .map(({ reason, count }) => `${dropReasons[reason]} ${count}`)
            .join(', '),
      },
    ],
    exact: [{ name: 'kept', value: ({ kept }) => kept.join(' ') }],
  });
}

/** The flow of patients as a table: candidates, reasons to be left out, training and validation. */
export function patientFlowTable(name: string, title: string, patients: StudyPatients): ReportTable {
  const { candidates, excluded, training, validation } = patients;
  const rows = [
    { step: 'Candidates', count: candidates },
    ...excluded.map(({ reason, patients: count }) => ({ step: `  left out: ${reason}`, count })),
    { step: 'Training', count: training },
    { step: 'Validation', count: validation },
  ];
  return makeTable<(typeof rows)[number]>({
    name,
    title,
    rows,
    columns: [
      { title: 'Patients', text: ({ step }) => step },
      { title: 'n', isNumber: true, text: ({ count }) => String(count) },
      { title: 'of the candidates', isNumber: true, text: ({ count }) => percent(count, candidates) },
    ],
  });
}
