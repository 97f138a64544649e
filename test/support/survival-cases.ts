import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { Covariates, SurvivalData } from '../../src/engine/survival/index.ts';
import { reference, referenceJson } from './reference.ts';

/** One R result: what was called, on which columns, and what came out. */
export interface ReferenceCase<Expected, Options = Record<string, never>> {
  readonly id: string;
  readonly data: string | null;
  readonly inputs: CaseInputs;
  readonly options: Options;
  readonly n_used: number;
  readonly expected: Expected;
  readonly warnings: readonly string[];
}

export interface CaseInputs {
  readonly start?: string | null;
  readonly time: string;
  readonly status: string;
  readonly covariates?: readonly string[];
  readonly factors?: Readonly<Record<string, readonly string[]>> | readonly never[];
  readonly strata?: string | readonly string[] | null;
  readonly weights?: string | null;
  readonly cluster?: string | null;
  readonly offset?: string | null;
  readonly group?: readonly string[] | null;
  readonly score?: string;
  readonly sign?: number;
  readonly inline?: Readonly<Record<string, readonly (number | string)[] | null>>;
}

export function survivalCases<Expected, Options = Record<string, never>>(
  path: string,
): readonly ReferenceCase<Expected, Options>[] {
  return referenceJson<{ cases: ReferenceCase<Expected, Options>[] }>(`survival/${path}`).cases;
}

type Table = Readonly<Record<string, readonly (number | string | null)[]>>;

const tables = new Map<string, Table>();

/** The rows that a case uses, as the engine takes them. */
export class CaseTable {
  readonly rows: readonly number[];
  readonly data: SurvivalData;
  private readonly table: Table;
  private readonly factors: Readonly<Record<string, readonly string[]>>;

  constructor(
    { data, inputs }: Pick<ReferenceCase<unknown>, 'data' | 'inputs'>,
    extra: readonly string[] = [],
  ) {
    this.table = data ? readTable(data) : (inputs.inline as Table);
    this.factors = Array.isArray(inputs.factors) ? {} : ((inputs.factors ?? {}) as Record<string, string[]>);
    const strata = list(inputs.strata);
    const used = [
      ...list(inputs.start),
      inputs.time,
      inputs.status,
      ...list(inputs.covariates),
      ...strata,
      ...list(inputs.weights),
      ...list(inputs.cluster),
      ...list(inputs.offset),
      ...list(inputs.group),
      ...list(inputs.score),
      ...extra,
    ];
    const columns = used.map((name) => this.raw(name));
    const count = this.table[Object.keys(this.table).find((k) => this.table[k]) ?? '']?.length ?? 0;
    this.rows = Array.from({ length: count }, (_, i) => i).filter((i) => columns.every((c) => c[i] !== null));
    this.data = {
      time: this.numbers(inputs.time),
      event: Uint8Array.from(this.numbers(inputs.status)),
      ...(inputs.start ? { entry: this.numbers(inputs.start) } : {}),
      ...(inputs.weights ? { weights: this.numbers(inputs.weights) } : {}),
      ...(strata.length > 0 ? { strata: this.codes(strata) } : {}),
    };
  }

  numbers(name: string): Float64Array {
    const column = this.raw(name);
    return Float64Array.from(this.rows, (i) => Number(column[i]));
  }

  /** Codes in R's order of groups: the factor's levels, else sorted, the first column slowest. */
  codes(names: readonly string[]): Int32Array {
    let codes = new Int32Array(this.rows.length);
    for (const name of names) {
      const column = this.raw(name);
      const values = this.rows.map((i) => column[i]);
      const levels: readonly (string | number | null)[] =
        this.factors[name] ??
        [...new Set(values)].sort((a, b) => (Number(a) < Number(b) || String(a) < String(b) ? -1 : 1));
      codes = codes.map((code, i) => code * levels.length + levels.indexOf(values[i]));
    }
    return codes;
  }

  /** Design columns named as R names them. */
  covariates(names: readonly string[]): Covariates {
    const terms: string[] = [];
    const columns: Float64Array[] = [];
    for (const name of names) {
      const levels = this.factors[name];
      if (!levels) {
        terms.push(name);
        columns.push(this.numbers(name));
        continue;
      }
      const column = this.raw(name);
      for (const level of levels.slice(1)) {
        terms.push(name + level);
        columns.push(Float64Array.from(this.rows, (i) => (String(column[i]) === level ? 1 : 0)));
      }
    }
    return { names: terms, columns };
  }

  private raw(name: string): readonly (number | string | null)[] {
    const column = this.table[name] ?? this.derived(name);
    const levels = this.factors[name];
    return levels ? column.map((v) => (levels.includes(String(v)) ? String(v) : null)) : column;
  }

  /** The columns that the cases' notes define; i counts file rows from 1. */
  private derived(name: string): readonly (number | null)[] {
    const from = (source: string, f: (x: number) => number) =>
      this.raw(source).map((v) => (v === null ? null : f(Number(v))));
    const byRow = (f: (i: number) => number) => this.raw('time').map((_, row) => f(row + 1));
    switch (name) {
      case 'tt':
        return from('time', (t) => Math.ceil(t / 100));
      case 'w':
        return byRow((i) => 0.5 + (i % 4) * 0.5);
      case 'wi':
        return byRow((i) => 1 + (i % 3));
      case 'pair':
        return byRow((i) => Math.floor((i - 1) / 2));
      case 'off':
        return from('age', (a) => 0.01 * (a - 60));
      case 'age_copy':
        return from('age', (a) => 2 * a + 1);
      case 'age10':
        return from('age', (a) => roundHalfToEven(a / 10));
      case 'const':
        return byRow(() => 1);
      case 'sum2': {
        const ecog = this.raw('ph.ecog');
        return this.raw('age').map((a, i) =>
          a === null || ecog[i] === null ? null : Number(a) + Number(ecog[i]),
        );
      }
      default:
        throw new Error(`no column ${name}`);
    }
  }
}

export function readTable(path: string): Table {
  const known = tables.get(path);
  if (known) return known;
  const records = parse(readFileSync(reference(`survival/${path}`)), { columns: true }) as Record<
    string,
    string
  >[];
  const table: Record<string, (number | string | null)[]> = {};
  for (const name of Object.keys(records[0])) {
    table[name] = records.map((record) => {
      const text = record[name];
      if (text === '') return null;
      return Number.isNaN(Number(text)) ? text : Number(text);
    });
  }
  tables.set(path, table);
  return table;
}

function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

function list(value: string | readonly string[] | null | undefined): readonly string[] {
  if (value === null || value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}
