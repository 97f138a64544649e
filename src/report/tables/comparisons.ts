import type { ChiSquared } from '../../engine/study/prognosis-event.ts';
import type { EndpointResult, ModelComparison } from '../../engine/study/study-result.ts';
import { fixed, pText, withLimits } from '../notation.ts';
import { subsetNames } from './horizons.ts';
import { modelLabel } from './performance.ts';
import { makeTable, type ReportTable } from './table.ts';

type ComparisonRow = ModelComparison & { readonly endpoint: string };

/** The differences of the models' C-indices, pair by pair. */
export function comparisonTable(
  name: string,
  title: string,
  endpoints: readonly EndpointResult[],
): ReportTable {
  return makeTable<ComparisonRow>({
    name,
    title,
    rows: endpoints.flatMap(({ endpoint, comparisons }) => comparisons.map((row) => ({ endpoint, ...row }))),
    columns: [
      { title: 'Endpoint', text: ({ endpoint }) => endpoint },
      { title: 'Patients', text: ({ subset, patients }) => `${subsetNames[subset]} (${patients})` },
      { title: 'Models', text: ({ first, second }) => `${modelLabel(second)} against ${modelLabel(first)}` },
      {
        title: 'Difference of C (95 % CI)',
        isNumber: true,
        text: ({ difference, lower, upper }) => withLimits(difference, lower, upper, 3),
      },
      { title: 'p', isNumber: true, text: ({ p }) => pText(p) },
    ],
    exact: [
      { name: 'first', value: ({ first }) => first },
      { name: 'second', value: ({ second }) => second },
      { name: 'difference', value: ({ difference }) => difference },
      { name: 'se', value: ({ standardError }) => standardError },
      { name: 'lower', value: ({ lower }) => lower },
      { name: 'upper', value: ({ upper }) => upper },
      { name: 'p_value', value: ({ p }) => p },
    ],
    notes: [
      'Limits by the paired bootstrap of the patients, p by the asymptotic variance of the difference; not adjusted for the number of comparisons.',
    ],
  });
}

interface ProportionalityRow extends ChiSquared {
  readonly endpoint: string;
  readonly model: string;
  readonly term: string;
}

/** Whether hazard ratios change with time. */
export function proportionalityTable(
  name: string,
  title: string,
  endpoints: readonly EndpointResult[],
): ReportTable {
  return makeTable<ProportionalityRow>({
    name,
    title,
    rows: endpoints.flatMap(({ endpoint, models }) =>
      models.flatMap(({ name: model, result }) =>
        (result?.proportionalHazards ?? []).map((row) => ({ endpoint, model, ...row })),
      ),
    ),
    columns: [
      { title: 'Endpoint', text: ({ endpoint }) => endpoint },
      { title: 'Model', text: ({ model }) => modelLabel(model) },
      { title: 'Term', text: ({ term }) => (term === 'GLOBAL' ? 'all terms' : term) },
      { title: 'χ²', isNumber: true, text: ({ statistic }) => fixed(statistic, 2) },
      { title: 'df', isNumber: true, text: ({ degreesOfFreedom }) => String(degreesOfFreedom) },
      { title: 'p', isNumber: true, text: ({ p }) => pText(p) },
    ],
    exact: [
      { name: 'chi_squared', value: ({ statistic }) => statistic },
      { name: 'p_value', value: ({ p }) => p },
    ],
    notes: ['A small p says that a hazard ratio changes with time (Grambsch & Therneau).'],
  });
}
