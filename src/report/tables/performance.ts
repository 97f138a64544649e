import type { ConcordanceEstimated } from '../../engine/study/prognosis-event.ts';
import type {
  EndpointResult,
  Optimism,
  StudyModelOutcome,
  SubsetPerformance,
} from '../../engine/study/study-result.ts';
import { absent, hazardRatioText, pText, withLimits } from '../notation.ts';
import { type ExactColumn, makeTable, type ReportTable } from './table.ts';

type Concordance = Omit<ConcordanceEstimated, 'type'>;

/** One model of one endpoint: how well it does in training, corrected, and in validation. */
export interface PerformanceRow {
  readonly endpoint: string;
  readonly model: string;
  readonly failure: string | null;
  readonly training: Concordance | null;
  readonly validation: Concordance | null;
  readonly optimism: Optimism | null;
  readonly pipelineOptimism: Optimism | null;
  readonly validationDetail: SubsetPerformance | null;
  /** p of the log-rank test between the risk groups of the validation patients. */
  readonly validationLogRank: number | null;
}

export function performanceRows(endpoints: readonly EndpointResult[]): PerformanceRow[] {
  return endpoints.flatMap(({ endpoint, models }) => models.map((model) => performanceRow(endpoint, model)));
}

function performanceRow(endpoint: string, { name, failure, result }: StudyModelOutcome): PerformanceRow {
  const of = (subset: 'TRAINING' | 'VALIDATION') => ({
    concordance: result?.concordance.find((item) => item.subset === subset) ?? null,
    detail: result?.performance.find((item) => item.subset === subset) ?? null,
  });
  const [training, validation] = [of('TRAINING'), of('VALIDATION')];
  return {
    endpoint,
    model: name,
    failure: failure?.message ?? null,
    training: training.concordance,
    validation: validation.concordance,
    optimism: result?.optimism ?? null,
    pipelineOptimism: result?.pipelineOptimism ?? null,
    validationDetail: validation.detail,
    validationLogRank: result?.comparisons.find(({ subset }) => subset === 'VALIDATION')?.logRank.p ?? null,
  };
}

/** Table 6: the C-index of every model in training and validation, with what the bootstrap says of the former. */
export function performanceTable(name: string, title: string, rows: readonly PerformanceRow[]): ReportTable {
  const hasPipeline = rows.some(({ pipelineOptimism }) => pipelineOptimism);
  const concordance = (value: Concordance | Optimism | null) =>
    value === null
      ? ''
      : 'corrected' in value
        ? withLimits(value.corrected, value.lower, value.upper, 3)
        : withLimits(value.estimate, value.lower, value.upper, 3);
  return makeTable<PerformanceRow>({
    name,
    title,
    rows,
    columns: [
      { title: 'Endpoint', text: ({ endpoint }) => endpoint },
      { title: 'Model', text: ({ model }) => modelLabel(model) },
      {
        title: 'C-index (95 % CI)',
        group: 'Training',
        isNumber: true,
        text: ({ training, failure }) => (failure === null ? concordance(training) : 'not fitted'),
      },
      {
        title: 'corrected',
        group: 'Training',
        isNumber: true,
        text: ({ optimism }) => concordance(optimism),
      },
      ...(hasPipeline
        ? [
            {
              title: 'corrected for selection',
              group: 'Training',
              isNumber: true,
              text: ({ pipelineOptimism }: PerformanceRow) => concordance(pipelineOptimism),
            },
          ]
        : []),
      {
        title: 'C-index (95 % CI)',
        group: 'Validation',
        isNumber: true,
        text: ({ validation }) => concordance(validation),
      },
      {
        title: 'HR high : low (95 % CI)',
        group: 'Validation',
        isNumber: true,
        text: ({ validationDetail }) =>
          validationDetail
            ? validationDetail.hazardRatio
              ? hazardRatioText(validationDetail.hazardRatio)
              : absent
            : '',
      },
      {
        title: 'log-rank p',
        group: 'Validation',
        isNumber: true,
        text: ({ validation, validationLogRank }) => (validation ? pText(validationLogRank) : ''),
      },
    ],
    exact: [
      ...exactConcordance('training', ({ training }) => training),
      ...exactConcordance('validation', ({ validation }) => validation),
      ...exactOptimism('corrected', ({ optimism }) => optimism),
      ...exactOptimism('selection_corrected', ({ pipelineOptimism }) => pipelineOptimism),
      { name: 'validation_log_rank_p', value: ({ validationLogRank }) => validationLogRank },
      { name: 'failure', value: ({ failure }) => failure },
    ],
    notes: [
      'C-index: Harrell’s, with limits from its asymptotic variance. Corrected: less the bootstrap’s estimate of its optimism with the model’s terms held fixed, which does not know of the selection of features before.',
      ...(hasPipeline
        ? ['Corrected for selection: the whole selection repeated in each bootstrap resample (.632+).']
        : []),
    ],
  });
}

function exactConcordance(
  prefix: string,
  of: (row: PerformanceRow) => Concordance | null,
): ExactColumn<PerformanceRow>[] {
  return [
    { name: `${prefix}_c`, value: (row) => of(row)?.estimate ?? null },
    { name: `${prefix}_se`, value: (row) => of(row)?.standardError ?? null },
    { name: `${prefix}_lower`, value: (row) => of(row)?.lower ?? null },
    { name: `${prefix}_upper`, value: (row) => of(row)?.upper ?? null },
  ];
}

function exactOptimism(
  prefix: string,
  of: (row: PerformanceRow) => Optimism | null,
): ExactColumn<PerformanceRow>[] {
  return [
    { name: `${prefix}_c`, value: (row) => of(row)?.corrected ?? null },
    { name: `${prefix}_lower`, value: (row) => of(row)?.lower ?? null },
    { name: `${prefix}_upper`, value: (row) => of(row)?.upper ?? null },
    { name: `${prefix}_replicates`, value: (row) => of(row)?.replicates ?? null },
    { name: `${prefix}_failed`, value: (row) => of(row)?.failed ?? null },
  ];
}

/** `CT+MR+CLINICAL` as it is printed. */
export function modelLabel(name: string): string {
  return name.replace(/(^|\+)CLINICAL$/, '$1Clinical');
}
