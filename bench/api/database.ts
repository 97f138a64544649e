import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';

/** Outside of the repository; kept between runs. */
export const scratch = join(tmpdir(), 'nomograph-bench-api');

export const pageCohort = 'page';
export const matrixCohort = 'matrix';
export const pageSize = 100;
export const vectorCount = 1_000;
export const featureCount = 1_217;

/** The embedded PostgreSQL with an empty database for this run. */
export async function startDatabase(): Promise<{ url: string; pid: number; stop(): Promise<void> }> {
  const dataDirectory = join(scratch, 'postgres');
  const server = await startEmbeddedPostgres({ dataDirectory });
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  // Those of runs that were cut off.
  const { rows } = await client.query<{ datname: string }>(
    `select datname from pg_database where datname like 'bench\\_%'
     and not exists (select from pg_stat_activity activity where activity.datname = pg_database.datname)`,
  );
  for (const { datname } of rows) await client.query(`drop database ${datname}`);
  const name = `bench_${process.pid}`;
  await client.query(`create database ${name}`);
  return {
    url: Object.assign(new URL(server.url), { pathname: `/${name}` }).href,
    pid: Number.parseInt(await readFile(join(dataDirectory, 'cluster/postmaster.pid'), 'utf8'), 10),
    stop: async () => {
      await client.query(`drop database ${name} with (force)`);
      await client.end();
      await server.stop();
    },
  };
}

/**
 * Fills the migrated database: 300 patients in the shape of the paper's (two endpoints, six scans, one region each, and a second
 * reader's for a third of the patients), and 1,000 patients with a vector of 1,217 features.
 */
export async function seed(url: string): Promise<{ profileId: string }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const profileId = randomUUID();
  const sha256 = createHash('sha256').update('image').digest('hex');
  await client.query(
    `insert into object (sha256, byte_length, format, size, spacing, origin, direction, voxel_type)
     values ($1, 1, 'NIFTI1', '{1,1,1}', '{1,1,1}', '{0,0,0}', '{1,0,0,0,1,0,0,0,1}', 'INT16')`,
    [sha256],
  );
  await client.query(
    `insert into cohort (id, key, name) values (gen_random_uuid(), $1, $1), (gen_random_uuid(), $2, $2)`,
    [pageCohort, matrixCohort],
  );
  await client.query(
    `insert into patient (id, cohort_id, subject_key, covariates)
     select gen_random_uuid(), cohort.id, 'P' || to_char(place, 'FM0000'), jsonb_build_object('Age', 40 + place % 40)
     from cohort, generate_series(1, case key when $1 then 300 else $2 end) as place`,
    [pageCohort, vectorCount],
  );
  await client.query(
    `with member as (select patient.* from patient join cohort on cohort.id = cohort_id where key = $1),
     outcome as (
       insert into outcome (id, patient_id, endpoint, time, event)
       select gen_random_uuid(), id, endpoint, (hashtext(id::text || endpoint) & 65535) / 1024.0, (hashtext(id::text) & 1) = 1
       from member, unnest(array['DFS', 'OS']) as endpoint),
     scan as (
       insert into scan (id, patient_id, modality, phase, image_sha256)
       select gen_random_uuid(), id, modality, phase, $2
       from member, unnest(array['CT', 'MR']) as modality, unnest(array['ARTERIAL', 'DELAYED', 'PORTAL']) as phase
       returning *)
     insert into roi (id, scan_id, reader, session, mask_sha256, voxel_count)
     select gen_random_uuid(), scan.id, reader, 1, $2, 1000 + (hashtext(scan.id::text) & 65535)
     from scan join member on member.id = patient_id, unnest(array['r1', 'r2']) as reader
     where reader = 'r1' or right(subject_key, 1) in ('3', '6', '9')`,
    [pageCohort, sha256],
  );
  await client.query(
    `insert into extraction_profile (id, name, feature_names)
     select $1, 'bench', array_agg('feature_' || place order by place) from generate_series(1, $2::int) as place`,
    [profileId, featureCount],
  );
  const { rows } = await client.query(
    'select patient.id from patient join cohort on cohort.id = cohort_id where key = $1 order by subject_key',
    [matrixCohort],
  );
  for (const [place, { id }] of rows.entries()) {
    const values = Float64Array.from({ length: featureCount }, (_, feature) => featureValue(place, feature));
    await client.query(
      `insert into feature_vector (id, patient_id, profile_id, content_key, "values", extractor_version)
       values (gen_random_uuid(), $1, $2, $3, $4, 'bench')`,
      [id, profileId, createHash('sha256').update(id).digest('hex'), Buffer.from(values.buffer)],
    );
  }
  await client.query('analyze');
  await client.end();
  return { profileId };
}

/** Values with all of their digits, as features have. */
function featureValue(row: number, feature: number): number {
  return Math.sin(row * featureCount + feature + 1) * 10 ** (feature % 7);
}
