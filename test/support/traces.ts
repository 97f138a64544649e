import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestServer } from './server.ts';

/** Where in the database, and in the files, any of the marks stands: `table: mark` and `file: mark`. */
export async function tracesOf(server: TestServer, marks: Iterable<string>): Promise<string[]> {
  const { dataSource, objects } = server.nomograph.platform;
  const all = [...marks];
  const tables: { name: string }[] = await dataSource.query(
    `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables where schemaname in ('public', 'pgboss')`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows: { mark: string }[] = await dataSource.query(
      `select mark from unnest($1::text[]) as mark where exists (select from ${name} entry where strpos(entry::text, mark) > 0)`,
      [all],
    );
    found.push(...rows.map(({ mark }) => `${name}: ${mark}`));
  }
  for (const folder of await readdir(objects.root))
    for (const file of await readdir(join(objects.root, folder))) {
      const bytes = await readFile(join(objects.root, folder, file), 'latin1');
      found.push(
        ...all.filter((mark) => file === mark || bytes.includes(mark)).map((mark) => `${file}: ${mark}`),
      );
    }
  return found;
}

/** The identifiers of all rows that are a patient's. */
export async function idsOf({ nomograph }: TestServer, patientId: string): Promise<string[]> {
  const rows: { id: string }[] = await nomograph.platform.dataSource.query(
    `select id from patient where id = $1 union select id from outcome where patient_id = $1 union select id from scan where patient_id = $1
     union select roi.id from roi join scan on scan.id = scan_id where patient_id = $1
     union select id from feature_vector where patient_id = $1 union select id from prediction where patient_id = $1`,
    [patientId],
  );
  return rows.map(({ id }) => id);
}
