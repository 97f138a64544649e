/** What the demo found for one endpoint, by subset. */
export interface EndpointResult {
  readonly endpoint: string;
  readonly modelId: string;
  readonly subsets: readonly SubsetResult[];
}

export interface SubsetResult {
  readonly subset: 'TRAINING' | 'VALIDATION';
  readonly patients: number;
  readonly events: number;
  readonly concordance: {
    readonly estimate: number | null;
    readonly lower: number | null;
    readonly upper: number | null;
  };
  readonly logRankP: number | null;
  /** Months; null where the curve does not fall to one half. */
  readonly medianSurvival: Readonly<Record<'LOW' | 'HIGH', number | null>>;
}

/** The result as a table for people. */
export function formatReport(results: readonly EndpointResult[]): string {
  const header = [
    'endpoint',
    'subset',
    'patients',
    'events',
    'C-index (95 % CI)',
    'log-rank p',
    'median survival, months: low risk',
    'high risk',
  ];
  const rows = results.flatMap(({ endpoint, subsets }) =>
    subsets.map(({ subset, patients, events, concordance, logRankP, medianSurvival }) => [
      endpoint,
      subset.toLowerCase(),
      String(patients),
      String(events),
      `${fixed(concordance.estimate)} (${fixed(concordance.lower)}–${fixed(concordance.upper)})`,
      logRankP === null ? '–' : logRankP < 0.0001 ? logRankP.toExponential(1) : logRankP.toFixed(4),
      months(medianSurvival.LOW),
      months(medianSurvival.HIGH),
    ]),
  );
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
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

function fixed(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}

function months(value: number | null): string {
  return value === null ? 'not reached' : value.toFixed(1);
}
