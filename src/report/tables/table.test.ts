import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { parseXml } from '../../../test/support/xml.ts';
import { makeTable, tableCsv, tableHtml } from './table.ts';

interface Row {
  readonly name: string;
  readonly value: number | null;
}

const table = (...rows: Row[]) =>
  makeTable<Row>({
    name: 'table-1',
    title: 'Table 1. Values & more',
    rows,
    columns: [
      { title: 'Name', text: ({ name }) => name },
      {
        title: 'HR',
        group: 'Training',
        isNumber: true,
        text: ({ value }) => (value === null ? '–' : value.toFixed(1)),
      },
      { title: 'range', group: 'Training', text: () => '0.1–−0.2' },
    ],
    exact: [{ name: 'value', value: ({ value }) => value }],
    notes: ['A < B'],
  });

describe('a table as CSV', () => {
  const read = (...rows: Row[]): string[][] => parse(tableCsv(table(...rows)));

  test('has printed columns, then exact ones', () => {
    expect(read({ name: 'a,"b"\nc', value: 0.1 + 0.2 })).toEqual([
      ['Name', 'Training: HR', 'Training: range', 'value'],
      ['a,"b"\nc', '0.3', '0.1--0.2', '0.30000000000000004'],
    ]);
  });

  test('has empty cells for what is not known, and words for infinities', () => {
    expect(read({ name: 'a', value: null }, { name: 'b', value: Infinity })[1]).toEqual([
      'a',
      '',
      '0.1--0.2',
      '',
    ]);
    expect(read({ name: 'b', value: -Infinity })[1][3]).toBe('-Inf');
  });

  test.each([
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['+cmd', "'+cmd"],
    ['-cmd', "'-cmd"],
    ['-1.5', '-1.5'],
    ['plain', 'plain'],
  ])('keeps %s from being a formula', (name, cell) => {
    expect(read({ name, value: 1 })[1][0]).toBe(cell);
  });
});

describe('a table as HTML', () => {
  test('is well formed, with what it was given escaped', () => {
    const html = tableHtml(table({ name: '<b>&', value: 1 }));
    expect(parseXml(html).name).toBe('figure');
    expect(html).toContain('&lt;b&gt;&amp;');
    expect(html).toContain('<th colspan="2" scope="colgroup" class="group">Training</th>');
    expect(html).toContain('<p>A &lt; B</p>');
  });

  test('says that it is empty', () => {
    expect(tableHtml(table())).toContain('<td colspan="3">No rows.</td>');
  });
});
