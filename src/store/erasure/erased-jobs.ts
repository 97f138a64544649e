import type { EntityManager } from 'typeorm';
import { type ErasedNames, identifiers, withoutTraces } from './erased-traces.ts';

/** Events at once: the log of a long job can be of any length. */
const batchSize = 1_000;

/** So many are sooner looked for one by one than all identifiers of a text are looked up among them. */
const fewIds = 100;

/** Takes patients out of the logs of the cohort's jobs, whose events stay, in number and order, and out of their failures. */
export async function eraseFromJobs(
  manager: EntityManager,
  cohortId: string,
  names: ErasedNames,
): Promise<void> {
  const parameters = [cohortId, [...names.ids], [...names.subjectKeys]];
  await manager.query(
    `declare telling no scroll cursor for
     select job_id, sequence, payload from job_event join job on job.id = job_id
     where job.cohort_id = $1 and ${mentions('payload', names.ids)}`,
    parameters,
  );
  for (;;) {
    const events: { job_id: string; sequence: number; payload: object }[] = await manager.query(
      `fetch ${batchSize} from telling`,
    );
    await manager.query(
      `update job_event set payload = told.payload
       from unnest($1::uuid[], $2::integer[], $3::jsonb[]) as told (job_id, sequence, payload)
       where job_event.job_id = told.job_id and job_event.sequence = told.sequence`,
      [
        events.map((event) => event.job_id),
        events.map(({ sequence }) => sequence),
        events.map(({ payload }) => JSON.stringify(withoutTraces(payload, names))),
      ],
    );
    if (events.length < batchSize) break;
  }
  await manager.query('close telling');
  const jobs: { id: string; failure: object }[] = await manager.query(
    `select id, failure from job where cohort_id = $1 and failure is not null and ${mentions('failure', names.ids)}`,
    parameters,
  );
  await manager.query(
    `update job set failure = told.failure from unnest($1::uuid[], $2::jsonb[]) as told (id, failure) where job.id = told.id`,
    [jobs.map(({ id }) => id), jobs.map(({ failure }) => JSON.stringify(withoutTraces(failure, names)))],
  );
}

/** Whether a column of JSON has any of the identifiers in $2, or any of the subject keys in $3 as somebody's. */
function mentions(column: string, ids: ReadonlySet<string>): string {
  const mentionsId =
    ids.size <= fewIds
      ? `select from unnest($2::text[]) as id where strpos(${column}::text, id) > 0`
      : `select from regexp_matches(${column}::text, '${identifiers}', 'g') as found (texts) where texts[1] = any ($2::text[])`;
  return `(exists (${mentionsId})
    or exists (select from jsonb_path_query(${column}, '$.**.subject') as subject where subject #>> '{}' = any ($3::text[])))`;
}
