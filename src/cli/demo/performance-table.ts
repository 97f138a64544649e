/** A C-index with its 95 % confidence limits. */
export interface Concordance {
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** What the stream told of one model: a row of the paper's Table 6. */
export interface ModelRow {
  readonly endpoint: string;
  readonly model: string;
  readonly training?: Concordance;
  readonly validation?: Concordance;
  /** The C-index in training less the bootstrap's optimism, with the model's terms held fixed … */
  readonly corrected?: number;
  /** … and with the whole selection repeated. */
  readonly correctedForSelection?: number;
  /** Of the log-rank test between the risk groups of the validation patients. */
  readonly validationLogRankP?: number;
  /** Why there is no model. */
  readonly failure?: string;
}

const header = [
  'endpoint',
  'model',
  'training C (95 % CI)',
  'corrected',
  'for selection',
  'validation C (95 % CI)',
  'log-rank p',
];

/** The C-indices of every model as a table for people. */
export function formatPerformance(models: readonly ModelRow[]): string {
  const rows = models.map((row) =>
    row.failure === undefined
      ? [
          row.endpoint,
          row.model,
          withLimits(row.training),
          fixed(row.corrected),
          fixed(row.correctedForSelection),
          withLimits(row.validation),
          pText(row.validationLogRankP),
        ]
      : [row.endpoint, row.model, `not fitted: ${row.failure}`, '', '', '', ''],
  );
  const fitted = rows.filter((_row, place) => models[place].failure === undefined);
  const widths = header.map((title, column) =>
    Math.max(
      title.length,
      ...fitted.map((row) => row[column].length),
      ...rows.map((row) => (column < 2 ? row[column].length : 0)),
    ),
  );
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function withLimits(c: Concordance | undefined): string {
  return c ? `${fixed(c.estimate)} (${fixed(c.lower)}–${fixed(c.upper)})` : '–';
}

function fixed(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toFixed(3);
}

function pText(p: number | undefined): string {
  if (p === undefined) return '–';
  return p < 0.0001 ? p.toExponential(1) : p.toFixed(4);
}
