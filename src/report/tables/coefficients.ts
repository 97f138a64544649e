import type { Coefficient } from '../../engine/study/prognosis-event.ts';
import type { StudyModelOutcome } from '../../engine/study/study-result.ts';
import { hazardRatioText, pText } from '../notation.ts';
import type { TermLabels } from '../term-labels.ts';
import { type ExactColumn, makeTable, type PrintedColumn, type ReportTable } from './table.ts';

/** One term by itself, with all others that entered, and in the final model; null where it was not in it. */
export interface CoefficientRow {
  readonly term: string;
  readonly univariable: Coefficient | null;
  readonly together: Coefficient | null;
  readonly final: Coefficient | null;
}

type Part = Exclude<keyof CoefficientRow, 'term'>;

/** The terms of a model in the order in which they were examined. */
export function coefficientRows({ result }: Pick<StudyModelOutcome, 'result'>): CoefficientRow[] {
  if (!result) return [];
  const { univariate, beforeElimination, model } = result;
  const find = (list: readonly Coefficient[] | null, term: string) =>
    list?.find(({ name }) => name === term) ?? null;
  const terms = new Set(
    [...univariate, ...(beforeElimination ?? []), ...model.coefficients].map(({ name }) => name),
  );
  return Array.from(terms, (term) => ({
    term,
    univariable: find(univariate, term),
    together: find(beforeElimination, term),
    final: find(model.coefficients, term),
  }));
}

/** Tables 2 to 5: univariable and multivariable Cox models of the training patients. */
export function coefficientTable(
  name: string,
  title: string,
  model: StudyModelOutcome,
  labels: TermLabels,
): ReportTable {
  const rows = coefficientRows(model);
  const parts: readonly (readonly [Part, string])[] = [
    ['univariable', 'Univariable'],
    ...(rows.some(({ together }) => together)
      ? [['together', 'Multivariable, before elimination'] as const]
      : []),
    ['final', 'Multivariable, final'],
  ];
  return makeTable<CoefficientRow>({
    name,
    title,
    rows,
    columns: [{ title: 'Variable', text: ({ term }) => labels.of(term) }, ...parts.flatMap(printed)],
    exact: [{ name: 'term', value: ({ term }) => term }, ...parts.flatMap(exact)],
    notes: [
      ...(model.failure ? [`This model was not fitted: ${model.failure.message}.`] : []),
      `HR: hazard ratio, of a level against the reference${labels.references.length > 0 ? ` (${labels.references.join(', ')})` : ''} or of one unit more; CI: confidence interval (Wald); p by the Wald test. Ties by Efron’s method.`,
    ],
  });
}

function printed([part, group]: readonly [Part, string]): PrintedColumn<CoefficientRow>[] {
  return [
    {
      title: 'HR (95 % CI)',
      group,
      isNumber: true,
      text: (row) => (row[part] ? hazardRatioText(row[part]) : ''),
    },
    { title: 'p', group, isNumber: true, text: (row) => (row[part] ? pText(row[part].p) : '') },
  ];
}

function exact([part]: readonly [Part, string]): ExactColumn<CoefficientRow>[] {
  const fields = [
    ['coefficient', 'coefficient'],
    ['se', 'standardError'],
    ['hr', 'hazardRatio'],
    ['hr_lower', 'hazardRatioLower'],
    ['hr_upper', 'hazardRatioUpper'],
    ['p', 'p'],
  ] as const;
  return fields.map(([short, key]) => ({
    name: `${part}_${short}`,
    value: (row) => row[part]?.[key] ?? null,
  }));
}
