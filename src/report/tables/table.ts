import { stringify } from 'csv-stringify/sync';
import { element, escapeMarkup } from '../markup.ts';

export type ExactCell = string | number | boolean | null;

/** A column as it is printed. */
export interface PrintedColumn<Row> {
  readonly title: string;
  /** Printed over neighbours of the same group, e.g. `Training`. */
  readonly group?: string;
  /** Numbers are set to the right. */
  readonly isNumber?: boolean;
  readonly text: (row: Row) => string;
}

/** A column of the CSV file alone: the value as it was computed, for who goes on calculating. */
export interface ExactColumn<Row> {
  readonly name: string;
  readonly value: (row: Row) => ExactCell;
}

/** A table of a report, ready to be printed or written. */
export interface ReportTable {
  /** The file's name without its ending. */
  readonly name: string;
  readonly title: string;
  readonly columns: readonly { readonly title: string; readonly group: string; readonly isNumber: boolean }[];
  readonly rows: readonly (readonly string[])[];
  readonly exactNames: readonly string[];
  readonly exactRows: readonly (readonly ExactCell[])[];
  readonly notes: readonly string[];
}

export interface TableDefinition<Row> {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly PrintedColumn<Row>[];
  readonly exact?: readonly ExactColumn<Row>[];
  readonly rows: readonly Row[];
  readonly notes?: readonly string[];
}

export function makeTable<Row>(definition: TableDefinition<Row>): ReportTable {
  const { name, title, columns, exact = [], rows, notes = [] } = definition;
  return {
    name,
    title,
    columns: columns.map((column) => ({
      title: column.title,
      group: column.group ?? '',
      isNumber: column.isNumber ?? false,
    })),
    rows: rows.map((row) => columns.map((column) => column.text(row))),
    exactNames: exact.map((column) => column.name),
    exactRows: rows.map((row) => exact.map((column) => column.value(row))),
    notes,
  };
}

/** The table as CSV (UTF-8, RFC 4180): the printed columns, then those of full precision; an absent value is empty. */
export function tableCsv({ columns, rows, exactNames, exactRows }: ReportTable): string {
  const header = columns.map(({ title, group }) => plain(group ? `${group}: ${title}` : title));
  const lines = rows.map((row, index) => [
    ...row.map((cell) => harmless(plain(cell))),
    ...exactRows[index].map((cell) => (typeof cell === 'string' ? harmless(cell) : cell)),
  ]);
  return stringify([[...header, ...exactNames], ...lines], {
    cast: { boolean: (value) => (value ? 'true' : 'false'), number: (value) => numberCell(value) },
  });
}

function numberCell(value: number): string {
  if (Number.isNaN(value)) return '';
  return Number.isFinite(value) ? String(value) : value > 0 ? 'Inf' : '-Inf';
}

/** Signs that programs for tables read as numbers. */
function plain(text: string): string {
  if (text === '–') return '';
  return text.replaceAll('–', '-').replaceAll('−', '-').replaceAll('∞', 'Inf');
}

/** Text of the data that a program for tables would take for a formula is kept from being one. */
function harmless(text: string): string {
  return /^[=@\t\r]|^[+-](?![\d.])/.test(text) && text !== '-Inf' ? `'${text}` : text;
}

/** The table as HTML, with its title as caption and its notes below. */
export function tableHtml({ title, columns, rows, notes }: ReportTable): string {
  const groups = groupSpans(columns.map(({ group }) => group));
  const isGrouped = groups.some(({ group }) => group !== '');
  const groupRow = isGrouped
    ? [
        element(
          'tr',
          {},
          ...groups.map(({ group, span }) =>
            element(
              'th',
              { colspan: span, scope: 'colgroup', class: group ? 'group' : undefined },
              escapeMarkup(group),
            ),
          ),
        ),
      ]
    : [];
  const head = element(
    'tr',
    {},
    ...columns.map((column) =>
      element(
        'th',
        { scope: 'col', class: column.isNumber ? 'number' : undefined },
        escapeMarkup(column.title),
      ),
    ),
  );
  const body = rows.map((row) =>
    element(
      'tr',
      {},
      ...row.map((cell, place) => {
        const attributes = { class: columns[place].isNumber ? 'number' : cellClass(cell) };
        const text = escapeMarkup(cell.trimStart());
        return place === 0
          ? element('th', { scope: 'row', ...attributes }, text)
          : element('td', attributes, text);
      }),
    ),
  );
  const empty = element('tr', {}, element('td', { colspan: columns.length }, 'No rows.'));
  return element(
    'figure',
    { class: 'table' },
    element(
      'table',
      {},
      element('caption', {}, escapeMarkup(title)),
      element('thead', {}, ...groupRow, head),
      element('tbody', {}, ...(body.length > 0 ? body : [empty])),
    ),
    ...(notes.length > 0
      ? [element('figcaption', {}, ...notes.map((note) => element('p', {}, escapeMarkup(note))))]
      : []),
  );
}

/** Two spaces before a label set it in: a level under its covariate. */
function cellClass(cell: string): string | undefined {
  return cell.startsWith('  ') ? 'inner' : undefined;
}

function groupSpans(names: readonly string[]): { group: string; span: number }[] {
  const spans: { group: string; span: number }[] = [];
  for (const group of names) {
    const last = spans[spans.length - 1];
    if (last && last.group === group) last.span++;
    else spans.push({ group, span: 1 });
  }
  return spans;
}
