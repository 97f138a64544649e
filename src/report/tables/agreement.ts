import type { ReadingAgreement, SourceAgreement } from '../../engine/study/study-result.ts';
import { fixed } from '../notation.ts';
import { makeTable, type ReportTable } from './table.ts';

const kinds = { WITHIN_READER: 'within the reader', BETWEEN_READERS: 'between readers' } as const;

interface AgreementRow {
  readonly source: string;
  readonly reading: ReadingAgreement | null;
  readonly entered: number;
  readonly remaining: number;
}

/** How many features of each source agree between readings. */
export function agreementTable(
  name: string,
  title: string,
  agreement: readonly SourceAgreement[],
  threshold: number,
): ReportTable {
  return makeTable<AgreementRow>({
    name,
    title,
    rows: agreement.flatMap(({ source, readings, entered, remaining }) =>
      (readings.length > 0 ? readings : [null]).map((reading) => ({ source, reading, entered, remaining })),
    ),
    columns: [
      { title: 'Source', text: ({ source }) => source },
      {
        title: 'Repeated reading',
        text: ({ reading }) => (reading ? `${reading.name} (${kinds[reading.kind]})` : 'none'),
      },
      { title: 'Patients', isNumber: true, text: ({ reading }) => (reading ? String(reading.patients) : '') },
      { title: 'Features', isNumber: true, text: ({ entered }) => String(entered) },
      {
        title: 'ICC from',
        isNumber: true,
        text: ({ reading }) => (reading ? fixed(extreme(reading, Math.min), 3) : ''),
      },
      {
        title: 'ICC to',
        isNumber: true,
        text: ({ reading }) => (reading ? fixed(extreme(reading, Math.max), 3) : ''),
      },
      {
        title: `ICC above ${threshold}`,
        isNumber: true,
        text: ({ reading }) => (reading ? String(reading.above) : ''),
      },
      { title: 'Above in every reading', isNumber: true, text: ({ remaining }) => String(remaining) },
    ],
    notes: ['ICC(2,1): two-way random effects, absolute agreement, single reading.'],
  });
}

function extreme({ icc }: ReadingAgreement, choose: (a: number, b: number) => number): number | null {
  return icc.reduce(
    (best, value) => (value === null || best === null ? (best ?? value) : choose(best, value)),
    null,
  );
}

interface FeatureRow {
  readonly source: string;
  readonly feature: string;
  readonly reading: ReadingAgreement;
  readonly icc: number | null;
}

/** The agreement of every feature between every two readings. */
export function featureAgreementTable(
  name: string,
  title: string,
  agreement: readonly SourceAgreement[],
  featuresOf: (source: string) => readonly string[],
): ReportTable {
  return makeTable<FeatureRow>({
    name,
    title,
    rows: agreement.flatMap(({ source, readings }) => {
      const features = featuresOf(source);
      return readings.flatMap((reading) =>
        reading.icc.map((icc, index) => ({
          source,
          feature: features[index] ?? `#${index + 1}`,
          reading,
          icc,
        })),
      );
    }),
    columns: [
      { title: 'Source', text: ({ source }) => source },
      { title: 'Feature', text: ({ feature }) => feature },
      { title: 'Reading', text: ({ reading }) => `${reading.name} (${kinds[reading.kind]})` },
      { title: 'ICC(2,1)', isNumber: true, text: ({ icc }) => fixed(icc, 3) },
    ],
    exact: [{ name: 'icc', value: ({ icc }) => icc }],
  });
}
