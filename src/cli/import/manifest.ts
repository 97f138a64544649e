import { dirname, resolve } from 'node:path';
import { Failure } from '../../engine/failure.ts';
import type { TimeUnit } from '../../engine/study/time-unit.ts';
import type { CovariateDefinition } from '../../store/entities/cohort.ts';
import type { CovariateValue } from '../../store/entities/patient.ts';
import { featureName } from '../../store/feature-name.ts';
import type { NewOutcome, NewPatient } from '../../store/patients.ts';
import {
  covariateCells,
  eventCells,
  invalidCell,
  isMissingCell,
  numericCells,
  requireColumn,
  type TextTable,
  timeCells,
} from '../../store/table-file.ts';

export interface ManifestOptions {
  /** The column of subject keys. */
  readonly key: string;
  /** The column of the patients' sites, if there is one. */
  readonly site: string | undefined;
  /** `OS=time,event`; columns `<endpoint>_time` and `<endpoint>_event` count without being named. */
  readonly outcomes: readonly { readonly endpoint: string; readonly time: string; readonly event: string }[];
  readonly timeUnit: TimeUnit;
  /** Columns that are features besides those with a PyRadiomics name. */
  readonly features: readonly string[];
  readonly ignore: readonly string[];
  /** Covariates that tell who somebody is. */
  readonly identifying: readonly string[];
}

export interface ManifestRegion {
  readonly line: number;
  readonly subjectKey: string;
  readonly modality: string;
  readonly phase: string;
  readonly image: string;
  readonly mask: string | null;
  /** Of DICOM: the region of a structure set, or the segment, by its name; null for mask files. */
  readonly roi: string | null;
  readonly lesion: string;
  readonly reader: string;
  readonly session: number;
  readonly label: number;
}

/** What a manifest holds, checked but for the files that it names. */
export interface Manifest {
  readonly covariates: readonly CovariateDefinition[];
  readonly patients: readonly NewPatient[];
  readonly regions: readonly ManifestRegion[];
  /** A feature table: the names, and each patient's values in the order of `patients`. */
  readonly features: { readonly names: readonly string[]; readonly vectors: readonly Float64Array[] } | null;
}

const fileColumns = ['image', 'mask', 'roi', 'modality', 'phase', 'lesion', 'reader', 'session', 'label'];

/**
 * Understands a manifest: a row a patient, or a row a region of interest with the patient's columns repeated or left empty.
 * Throws the coded failure of the first column or cell at fault.
 */
export function parseManifest(table: TextTable, options: ManifestOptions): Manifest {
  const keyColumn = requireColumn(table, options.key);
  const hasFiles = table.columns.includes('image');
  const outcomes = outcomeColumns(table, options);
  const known = new Set([options.key, ...options.ignore, ...(hasFiles ? fileColumns : [])]);
  for (const { time, event } of outcomes) known.add(time).add(event);
  const isFeature = (name: string) =>
    !known.has(name) && (options.features.includes(name) || featureName.test(name));
  if (options.site !== undefined) {
    requireColumn(table, options.site);
    known.add(options.site);
  }
  for (const name of [...options.features, ...options.identifying]) requireColumn(table, name);
  const featureNames = table.columns.filter(isFeature);
  const covariateNames = table.columns.filter((name) => !known.has(name) && !isFeature(name));

  const firstRow = firstRows(table, keyColumn, hasFiles);
  const rows = [...firstRow.values()];
  const once = patientRows(
    table,
    rows,
    [
      ...covariateNames,
      ...(options.site ? [options.site] : []),
      ...outcomes.flatMap(({ time, event }) => [time, event]),
    ],
    keyColumn,
  );
  const siteColumn = options.site === undefined ? -1 : once.columns.indexOf(options.site);
  const siteOf = (place: number) => {
    const cell = once.rows[place][siteColumn]?.trim() ?? '';
    return isMissingCell(cell) ? null : cell;
  };
  const covariates = covariateNames.map((name) => ({ name, cells: covariateCells(once, name) }));
  const times = outcomes.map((outcome) => ({
    ...outcome,
    times: timeCells(once, outcome.time),
    events: eventCells(once, outcome.event),
  }));
  const patients = [...firstRow.keys()].map(
    (subjectKey, place): NewPatient => ({
      subjectKey,
      site: siteOf(place),
      covariates: Object.fromEntries(
        covariates.flatMap(({ name, cells }): [string, CovariateValue][] => {
          if (cells.kind === 'NUMERIC')
            return Number.isNaN(cells.values[place]) ? [] : [[name, cells.values[place]]];
          return cells.codes[place] < 0 ? [] : [[name, cells.levels[cells.codes[place]]]];
        }),
      ),
      outcomes: times.flatMap(({ endpoint, times: time, events }): NewOutcome[] =>
        Number.isNaN(time[place]) || events[place] < 0
          ? []
          : [{ endpoint, time: time[place], timeUnit: options.timeUnit, event: events[place] === 1 }],
      ),
    }),
  );
  return {
    covariates: covariates.map(({ name, cells }): CovariateDefinition => {
      const { kind } = cells;
      // Whatever its levels are, they are not to be listed.
      if (options.identifying.includes(name)) return { name, kind, identifying: true };
      return kind === 'NUMERIC' ? { name, kind } : { name, kind, levels: cells.levels };
    }),
    patients,
    regions: hasFiles ? regionsOf(table, keyColumn) : [],
    features: featureNames.length > 0 ? featureVectors(table, featureNames, rows) : null,
  };
}

function outcomeColumns(table: TextTable, { outcomes, timeUnit: _ }: ManifestOptions) {
  const conventional = table.columns.flatMap((time) => {
    const endpoint = /^(\w+)_time$/.exec(time)?.[1];
    const event = `${endpoint}_event`;
    return endpoint && table.columns.includes(event) ? [{ endpoint, time, event }] : [];
  });
  for (const { time, event } of outcomes) {
    requireColumn(table, time);
    requireColumn(table, event);
  }
  return [
    ...outcomes,
    ...conventional.filter(({ endpoint }) => outcomes.every((named) => named.endpoint !== endpoint)),
  ];
}

/** The first row of each subject, in the order of the file. Several rows a subject make sense only where they name files. */
function firstRows(table: TextTable, keyColumn: number, repeats: boolean): Map<string, number> {
  const first = new Map<string, number>();
  table.rows.forEach((row, place) => {
    const key = row[keyColumn].trim();
    if (key === '')
      throw invalidCell(table, place, table.columns[keyColumn], row[keyColumn], 'a subject key');
    if (!first.has(key)) first.set(key, place);
    else if (!repeats) {
      throw new Failure(
        'TABLE_KEY_DUPLICATE',
        `${table.file}, line ${table.lines[place]}: subject ${key} has a row already (line ${table.lines[first.get(key) as number]})`,
        {
          file: table.file,
          line: table.lines[place],
          column: table.columns[keyColumn],
          value: key,
        },
      );
    }
  });
  return first;
}

/** One row a subject: its first, with gaps filled from its other rows. Throws where two rows of a subject differ. */
function patientRows(
  table: TextTable,
  firstOf: readonly number[],
  names: readonly string[],
  keyColumn: number,
): TextTable {
  const indices = names.map((name) => requireColumn(table, name));
  const merged = new Map(
    firstOf.map((place) => [table.rows[place][keyColumn].trim(), [...table.rows[place]]]),
  );
  table.rows.forEach((row, place) => {
    const target = merged.get(row[keyColumn].trim()) as string[];
    for (const [which, index] of indices.entries()) {
      const cell = row[index].trim();
      if (isMissingCell(cell) || cell === target[index].trim()) continue;
      if (!isMissingCell(target[index])) {
        throw invalidCell(
          table,
          place,
          names[which],
          cell,
          `"${target[index].slice(0, 80)}", as in the subject's first row`,
        );
      }
      target[index] = cell;
    }
  });
  return {
    ...table,
    rows: [...merged.values()],
    lines: Int32Array.from(firstOf, (place) => table.lines[place]),
  };
}

function regionsOf(table: TextTable, keyColumn: number): ManifestRegion[] {
  const folder = dirname(resolve(table.file));
  const cell = (row: readonly string[], name: string) => row[table.columns.indexOf(name)]?.trim() ?? '';
  requireColumn(table, 'modality');
  return table.rows.flatMap((row, place): ManifestRegion[] => {
    const image = cell(row, 'image');
    if (image === '') return [];
    const whole = (name: string, fallback: number) => {
      const text = cell(row, name);
      const value = text === '' ? fallback : Number(text);
      if (!Number.isSafeInteger(value) || value < 1)
        throw invalidCell(table, place, name, text, 'a whole number from 1 up');
      return value;
    };
    const mask = cell(row, 'mask');
    return [
      {
        line: table.lines[place],
        subjectKey: row[keyColumn].trim(),
        modality: cell(row, 'modality'),
        phase: cell(row, 'phase'),
        image: resolve(folder, image),
        mask: mask === '' ? null : resolve(folder, mask),
        roi: cell(row, 'roi') || null,
        lesion: cell(row, 'lesion') || '1',
        reader: cell(row, 'reader') || 'reader-1',
        session: whole('session', 1),
        label: whole('label', 1),
      },
    ];
  });
}

function featureVectors(
  table: TextTable,
  names: readonly string[],
  rows: readonly number[],
): Manifest['features'] {
  const columns = names.map((name) => numericCells(table, name));
  return { names, vectors: rows.map((place) => Float64Array.from(columns, (column) => column[place])) };
}
