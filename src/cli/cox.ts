import { Command, Option } from 'commander';
import { Failure } from '../engine/failure.ts';
import {
  type CohortTable,
  type CovariateColumn,
  fitPrognosis,
  type PrognosisResult,
} from '../engine/study/index.ts';
import {
  covariateCells,
  eventCells,
  readTable,
  requireColumn,
  type TextTable,
  timeCells,
} from '../store/table-file.ts';

interface CoxOptions {
  readonly time: string;
  readonly event: string;
  readonly covariates?: string[];
  readonly ties: 'efron' | 'breslow';
  readonly format: 'text' | 'json';
}

/** A text column with more levels than this is a name or a key rather than a covariate. */
const maxLevels = 50;

export function coxCommand(): Command {
  return new Command('cox')
    .description(
      'Fit a Cox model to a table: hazard ratios, tests, C-index, and survival by risk group (median linear predictor).',
    )
    .argument('<table>', 'a CSV file with a header, one row a patient; empty cells and NA are missing')
    .requiredOption('--time <column>', 'the follow-up time')
    .requiredOption('--event <column>', 'whether the event was seen: 1 or 0')
    .option(
      '--covariates <columns>',
      'the covariates, separated by commas; all other columns where absent',
      (text: string) => text.split(',').map((name) => name.trim()),
    )
    .addOption(
      new Option('--ties <method>', 'how events at the same time are treated')
        .choices(['efron', 'breslow'])
        .default('efron'),
    )
    .addOption(
      new Option('--format <format>', 'text: a table; json: everything')
        .choices(['text', 'json'])
        .default('text'),
    )
    .action(async (file: string, options: CoxOptions) => {
      const table = await readTable(file);
      const result = fit(cohortTable(table, options), options.ties === 'breslow' ? 'BRESLOW' : 'EFRON');
      process.stdout.write(
        options.format === 'json' ? `${JSON.stringify(result, null, 2)}\n` : describe(result),
      );
    });
}

function cohortTable(table: TextTable, { time, event, covariates }: CoxOptions): CohortTable {
  const names = covariates ?? table.columns.filter((name) => name !== time && name !== event);
  for (const name of names) requireColumn(table, name);
  const times = timeCells(table, time);
  const events = eventCells(table, event);
  return {
    subjects: table.rows.map((_row, place) => `line ${table.lines[place]}`),
    // A row without an event indicator has no outcome.
    time: times.map((value, place) => (events[place] < 0 ? Number.NaN : value)),
    event: Uint8Array.from(events, (code) => (code === 1 ? 1 : 0)),
    timeUnit: 'MONTHS',
    covariates: names.map((name): CovariateColumn => {
      const cells = covariateCells(table, name);
      if (cells.kind === 'CATEGORICAL' && cells.levels.length > maxLevels) {
        throw new Failure(
          'COVARIATE_INVALID',
          `${table.file}: column ${name} has ${cells.levels.length} different texts, more than the ${maxLevels} levels of a covariate; choose columns by --covariates`,
          { file: table.file, column: name },
        );
      }
      return { name, ...cells };
    }),
  };
}

function fit(table: CohortTable, ties: 'EFRON' | 'BRESLOW'): PrognosisResult {
  const steps = fitPrognosis(table, { ties, split: null });
  let step = steps.next();
  for (; !step.done; step = steps.next()) {
    const event = step.value;
    if (event.type === 'FitIterated')
      process.stderr.write(`step ${event.iteration}: log-likelihood ${event.logLikelihood}\n`);
    if (event.type === 'WarningRaised') process.stderr.write(`${event.code}: ${event.message}\n`);
  }
  return step.value;
}

/** The result for people, in the order of R's summary. */
function describe({ patients, model, concordance, curves, comparisons }: PrognosisResult): string {
  const cells = model.coefficients.map(
    ({ name, coefficient, standardError, z, p, hazardRatio, hazardRatioLower, hazardRatioUpper }) => [
      name,
      number(coefficient),
      number(hazardRatio),
      hazardRatio === null ? '–' : `${number(hazardRatioLower)}–${number(hazardRatioUpper)}`,
      number(standardError),
      number(z),
      pValue(p),
    ],
  );
  const header = ['covariate', 'coefficient', 'hazard ratio', '95 % CI', 'standard error', 'z', 'p'];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column].length)),
  );
  const table = [header, ...cells].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
  const [c] = concordance;
  const test = (name: string, { statistic, degreesOfFreedom, p }: (typeof model)['wald']) =>
    `${name.padEnd(22)}${number(statistic)} on ${degreesOfFreedom} df, p ${pValue(p)}`;
  return `${[
    `${patients.training} patients, ${patients.trainingEvents} events, ${patients.excluded} left out for missing values`,
    '',
    ...table,
    '',
    test('likelihood ratio', model.likelihoodRatio),
    test('Wald', model.wald),
    test('score', model.score),
    `${'C-index'.padEnd(22)}${number(c.estimate)} (95 % CI ${number(c.lower)}–${number(c.upper)})`,
    ...comparisons.map(({ logRank }) => test('log-rank, risk groups', logRank)),
    ...curves.map(
      ({ riskGroup, patients: n, events, median }) =>
        `${`${riskGroup.toLowerCase()} risk`.padEnd(22)}${n} patients, ${events} events, median survival ${median === null ? 'not reached' : number(median)}`,
    ),
  ].join('\n')}\n`;
}

function number(value: number | null): string {
  return value === null ? '–' : String(Number(value.toPrecision(5)));
}

function pValue(p: number | null): string {
  if (p === null) return '–';
  return p < 0.0001 ? p.toExponential(2) : p.toFixed(4);
}
