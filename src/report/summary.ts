import type { StudyModelOutcome } from '../engine/study/study-result.ts';
import { element, escapeMarkup } from './markup.ts';
import { counted, withLimits } from './notation.ts';
import type { StudyReportInput } from './study-report-input.ts';
import { modelLabel, type PerformanceRow, performanceRows } from './tables/performance.ts';

/** Who was studied, what leads, and what must be known before any number is read. */
export function summary({ result, specification }: StudyReportInput): string[] {
  const { patients, endpoints } = result;
  const rows = performanceRows(endpoints);
  const fitted = rows.filter(({ failure }) => failure === null).length;
  return [
    paragraph(
      `Of ${counted(patients.candidates, 'candidate')}, ${patients.training + patients.validation} were studied: ${patients.training} for training, ${patients.validation} for validation. ${fitted} of ${counted(rows.length, 'model')} could be fitted.`,
    ),
    ...endpoints.map(({ endpoint }) =>
      paragraph(
        leader(
          endpoint,
          rows.filter((row) => row.endpoint === endpoint),
        ),
      ),
    ),
    ...(specification.pipelineReplicates === 0 && specification.sources.length > 0
      ? [
          element(
            'p',
            { class: 'warning' },
            element('strong', {}, 'Read with care. '),
            'Features were selected on the training patients, and the selection was not repeated in the bootstrap: the C-indices of training are optimistic, whether corrected or not. Those of validation are not, but for the choice among models.',
          ),
        ]
      : []),
  ];
}

function leader(endpoint: string, rows: readonly PerformanceRow[]): string {
  const validated = rows.filter(({ validation }) => validation?.estimate != null);
  const judged = validated.length > 0 ? validated : rows.filter(({ training }) => training?.estimate != null);
  if (judged.length === 0) return `${endpoint}: no model could be judged.`;
  const of = (row: PerformanceRow) => (validated.length > 0 ? row.validation : row.training);
  const best = judged.reduce((a, b) => ((of(b)?.estimate ?? 0) > (of(a)?.estimate ?? 0) ? b : a));
  const text = (value: PerformanceRow['training']) =>
    value ? withLimits(value.estimate, value.lower, value.upper, 3) : 'not known';
  const where = validated.length > 0 ? 'validation' : 'training';
  const { lower, upper } = of(best) ?? {};
  const isChance = lower != null && upper != null && lower <= 0.5 && upper >= 0.5;
  return [
    `${endpoint}: the highest C-index in ${where} was that of ${modelLabel(best.model)}, ${text(of(best))}`,
    where === 'validation' ? `; in training it was ${text(best.training)}` : '',
    isChance ? '. The interval includes 0.5: these patients do not show that it is better than chance.' : '.',
  ].join('');
}

/** Every model that is missing, and every warning, in words. */
export function cautions({ result }: StudyReportInput): string[] {
  const failed = result.endpoints.flatMap(({ endpoint, models }) =>
    models.flatMap((model) => (model.failure ? [failureLine(endpoint, model)] : [])),
  );
  const warned = [
    ...result.warnings.map(({ code, message }) => ({ code, message })),
    ...result.endpoints.flatMap(({ endpoint, models }) =>
      models.flatMap(({ name, result: model }) =>
        (model?.warnings ?? []).map(({ code, message }) => ({
          code,
          message: `${endpoint}, ${modelLabel(name)}: ${message}`,
        })),
      ),
    ),
  ];
  const lines = [...new Set(warned.map(({ code, message }) => `${message} (${code})`))];
  const list = (items: readonly string[]) =>
    element('ul', {}, ...items.map((text) => element('li', {}, escapeMarkup(text))));
  return [
    element('h3', {}, 'Models that could not be fitted'),
    failed.length > 0 ? list(failed) : paragraph('None.'),
    element('h3', {}, 'Warnings'),
    lines.length > 0 ? list(lines) : paragraph('None.'),
  ];
}

function failureLine(endpoint: string, { name, failure }: StudyModelOutcome): string {
  return `${endpoint}, ${modelLabel(name)}: ${failure?.message} (${failure?.code}).`;
}

/** A paragraph of plain text. */
export function paragraph(text: string): string {
  return element('p', {}, escapeMarkup(text));
}
