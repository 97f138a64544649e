import type { NumericSummary, TableOneRow } from '../../engine/study/table-one.ts';
import { absent, measured, percent, pText } from '../notation.ts';
import { makeTable, type ReportTable } from './table.ts';

/** One printed line: a numeric characteristic, the name of a categorical one, one of its levels, or its missing values. */
interface CharacteristicLine {
  readonly label: string;
  readonly characteristic: string;
  readonly level: string | null;
  readonly training: string;
  readonly validation: string;
  readonly test: TableOneRow['test'];
  readonly p: number | null;
  readonly exact: readonly (number | null)[];
}

const tests = { T: 't', MANN_WHITNEY: 'Mann–Whitney', CHI_SQUARED: 'χ²', FISHER: 'Fisher' } as const;

const exactNames = [
  'training_count',
  'validation_count',
  'training_missing',
  'validation_missing',
  'training_mean',
  'training_sd',
  'training_median',
  'training_q1',
  'training_q3',
  'validation_mean',
  'validation_sd',
  'validation_median',
  'validation_q1',
  'validation_q3',
];

/** Table 1: the patients in training and in validation. */
export function characteristicsTable(name: string, title: string, rows: readonly TableOneRow[]): ReportTable {
  return makeTable<CharacteristicLine>({
    name,
    title,
    rows: rows.flatMap(linesOf),
    columns: [
      { title: 'Characteristic', text: ({ label }) => label },
      { title: 'Training', isNumber: true, text: ({ training }) => training },
      { title: 'Validation', isNumber: true, text: ({ validation }) => validation },
      { title: 'Test', text: ({ test }) => (test === null ? '' : tests[test]) },
      { title: 'p', isNumber: true, text: ({ level, p }) => (level === null ? pText(p) : '') },
    ],
    exact: [
      { name: 'characteristic', value: ({ characteristic }) => characteristic },
      { name: 'level', value: ({ level }) => level },
      ...exactNames.map((exact, place) => ({
        name: exact,
        value: (line: CharacteristicLine) => line.exact[place] ?? null,
      })),
      { name: 'p_value', value: ({ p }) => p },
    ],
    notes: [
      'Numbers are median (first quartile, third quartile), counts are n (%); percentages are of the patients with a value.',
      't: Student’s t-test where both sets pass Shapiro–Wilk at 0.05, else the Mann–Whitney test; χ² with Yates’ correction for 2 × 2 tables, Fisher’s exact test where an expected count is below 5.',
    ],
  });
}

function linesOf(row: TableOneRow): CharacteristicLine[] {
  const { name, test, p } = row;
  const common = { characteristic: name, test: null, p: null, level: null };
  if (row.kind === 'NUMERIC') {
    const { training, validation } = row;
    const line = {
      ...common,
      label: name,
      training: summary(training),
      validation: summary(validation),
      test,
      p,
      exact: [
        training.patients,
        validation.patients,
        training.missing,
        validation.missing,
        ...moments(training),
        ...moments(validation),
      ],
    };
    return [line, ...missingLine(name, training.missing, validation.missing)];
  }
  const total = (key: 'training' | 'validation') => row.levels.reduce((sum, level) => sum + level[key], 0);
  const [training, validation] = [total('training'), total('validation')];
  return [
    { ...common, label: name, training: '', validation: '', test, p, exact: [training, validation] },
    ...row.levels.map((level) => ({
      ...common,
      label: `  ${level.level}`,
      level: level.level,
      training: `${level.training} (${percent(level.training, training)})`,
      validation: `${level.validation} (${percent(level.validation, validation)})`,
      exact: [level.training, level.validation],
    })),
    ...missingLine(name, row.missing.training, row.missing.validation),
  ];
}

function missingLine(name: string, training: number, validation: number): CharacteristicLine[] {
  if (training + validation === 0) return [];
  const counts = { training: String(training), validation: String(validation) };
  const line = { label: '  missing', characteristic: name, level: 'missing', test: null, p: null };
  return [{ ...line, ...counts, exact: [training, validation] }];
}

function summary({ median, lowerQuartile, upperQuartile }: NumericSummary): string {
  return median === null
    ? absent
    : `${measured(median)} (${measured(lowerQuartile)}, ${measured(upperQuartile)})`;
}

function moments(summary: NumericSummary): (number | null)[] {
  const { mean, standardDeviation, median, lowerQuartile, upperQuartile } = summary;
  return [mean, standardDeviation, median, lowerQuartile, upperQuartile];
}
