import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'vitest';

/** A reference number as JSON holds it. */
export type ReferenceNumber = number | null | 'Inf' | '-Inf' | 'NaN';

export interface Tolerance {
  readonly relative?: number;
  readonly absolute?: number;
}

interface Line {
  cases: Set<string>;
  values: number;
  failed: number;
  /** Largest error over its allowance. */
  worst: number;
}

/** What a tally leaves in the folder NOMOGRAPH_TALLIES, if that is set: its table, and the cases that it met. */
export interface TallyFile {
  readonly title: string;
  readonly rows: readonly {
    readonly procedure: string;
    readonly cases: number;
    readonly values: number;
    readonly outside: number;
    readonly 'worst error / allowed': number;
  }[];
  readonly cases: readonly string[];
}

/**
 * Compares many numbers with a reference and keeps count, by procedure: how many cases, how many values, how many
 * outside the tolerance and how close the worst came. `settle` fails the test that saw a difference.
 */
export class Tally {
  private readonly lines = new Map<string, Line>();
  private differences: string[] = [];

  check(
    procedure: string,
    id: string,
    what: string,
    actual: number | null | undefined,
    expected: ReferenceNumber | undefined,
    { relative = 0, absolute = 0 }: Tolerance,
  ): void {
    const line = this.line(procedure);
    line.cases.add(id);
    line.values++;
    const wanted = decode(expected);
    if (wanted === null || actual === null || actual === undefined) {
      if (wanted === null && (actual === null || actual === undefined)) return;
      this.differ(line, `${procedure} ${id} ${what}: ${actual}, reference ${expected}`);
      return;
    }
    if (actual === wanted) return;
    const error = Math.abs(actual - wanted);
    const allowed = absolute + relative * Math.abs(wanted);
    const share = error / allowed;
    if (share > line.worst) line.worst = share;
    if (!(share <= 1)) {
      this.differ(
        line,
        `${procedure} ${id} ${what}: ${actual}, reference ${wanted}, error ${error} > ${allowed}`,
      );
    }
  }

  checkAll(
    procedure: string,
    id: string,
    what: string,
    actual: ArrayLike<number | null>,
    expected: readonly ReferenceNumber[],
    tolerance: Tolerance,
  ): void {
    if (actual.length !== expected.length) {
      this.differ(
        this.line(procedure),
        `${procedure} ${id} ${what}: ${actual.length} values, reference ${expected.length}`,
      );
      return;
    }
    for (let i = 0; i < expected.length; i++) {
      this.check(procedure, id, `${what}[${i}]`, actual[i], expected[i], tolerance);
    }
  }

  settle(): void {
    const found = this.differences;
    this.differences = [];
    expect(found.slice(0, 20), `${found.length} values differ from the reference`).toEqual([]);
  }

  print(title: string): void {
    const rows = [...this.lines].map(([name, line]) => ({
      procedure: name,
      cases: line.cases.size,
      values: line.values,
      outside: line.failed,
      'worst error / allowed': Number(line.worst.toPrecision(2)),
    }));
    console.log(title);
    console.table(rows);
    const folder = process.env.NOMOGRAPH_TALLIES;
    if (!folder) return;
    const cases = [...new Set([...this.lines.values()].flatMap((line) => [...line.cases]))];
    const test = basename(expect.getState().testPath ?? title);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${test}.json`), JSON.stringify({ title, rows, cases } satisfies TallyFile));
  }

  private line(procedure: string): Line {
    const known = this.lines.get(procedure);
    if (known) return known;
    const line = { cases: new Set<string>(), values: 0, failed: 0, worst: 0 };
    this.lines.set(procedure, line);
    return line;
  }

  private differ(line: Line, message: string): void {
    line.failed++;
    this.differences.push(message);
  }
}

function decode(value: ReferenceNumber | undefined): number | null {
  if (value === null || value === undefined || value === 'NaN') return null;
  if (value === 'Inf') return Infinity;
  return value === '-Inf' ? -Infinity : value;
}
