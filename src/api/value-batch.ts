import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';

/** A select, its parameters by number. */
export interface Select {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Selects in one statement: PostgreSQL plans the parts of a union one inside the other, and its stack ends. */
export const maxUnion = 500;

/** Puts selects together, each as `part` writes it; the numbers of their parameters go on from one to the next. */
export function unionOf<R>(
  dataSource: DataSource,
  selects: readonly Select[],
  part: (place: number, sql: string) => string,
  end = '',
): Promise<R[]> {
  const all: unknown[] = [];
  const parts = selects.map(({ sql, parameters }, place) => {
    const start = all.length;
    all.push(...parameters);
    return part(
      place,
      sql.replace(/\$(\d+)/g, (_match, number) => `$${start + Number(number)}`),
    );
  });
  return dataSource.query(`${parts.join(' union all ')} ${end}`, all);
}

/** Reads selects of one value of JSON each: those that are asked for together by one statement. */
export function valueBatch(dataSource: DataSource): DataLoader<Select, unknown> {
  return new DataLoader<Select, unknown>(
    async (selects) => {
      const rows: { place: number; value: unknown }[] = await unionOf(
        dataSource,
        selects,
        (place, sql) => `select ${place} as place, (${sql})::jsonb as value`,
      );
      const values: unknown[] = [];
      for (const { place, value } of rows) values[place] = value;
      return selects.map((_select, place) => values[place]);
    },
    { cache: false, maxBatchSize: maxUnion },
  );
}
