import type { EndpointResult, SubsetPerformance } from '../../engine/study/study-result.ts';
import { fixed } from '../notation.ts';
import { subsetNames } from './horizons.ts';
import { modelLabel } from './performance.ts';
import { makeTable, type ReportTable } from './table.ts';

interface OverallRow extends SubsetPerformance {
  readonly endpoint: string;
  readonly model: string;
}

/** What is said of each model's predictions over all of the follow-up, beside Harrell's C. */
export function overallTable(name: string, title: string, endpoints: readonly EndpointResult[]): ReportTable {
  return makeTable<OverallRow>({
    name,
    title,
    rows: endpoints.flatMap(({ endpoint, models }) =>
      models.flatMap(({ name: model, result }) =>
        (result?.performance ?? []).map((measures) => ({ endpoint, model, ...measures })),
      ),
    ),
    columns: [
      { title: 'Endpoint', text: ({ endpoint }) => endpoint },
      { title: 'Model', text: ({ model }) => modelLabel(model) },
      { title: 'Set', text: ({ subset }) => subsetNames[subset] },
      { title: 'Patients', isNumber: true, text: ({ patients }) => String(patients) },
      { title: 'Events', isNumber: true, text: ({ events }) => String(events) },
      { title: 'Uno’s C', isNumber: true, text: ({ uno }) => fixed(uno, 3) },
      { title: 'SE', isNumber: true, text: ({ unoStandardError }) => fixed(unoStandardError, 3) },
      {
        title: 'Integrated Brier score',
        isNumber: true,
        text: ({ integratedBrier }) => fixed(integratedBrier, 3),
      },
    ],
    exact: [
      { name: 'uno', value: ({ uno }) => uno },
      { name: 'uno_se', value: ({ unoStandardError }) => unoStandardError },
      { name: 'integrated_brier', value: ({ integratedBrier }) => integratedBrier },
    ],
    notes: ['The Brier score is integrated up to the last horizon.'],
  });
}
