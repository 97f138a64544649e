import type { ChildProcess } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { random } from '../../src/engine/statistics/random.ts';
import { verifyChain } from '../../src/store/audit/chain.ts';
import { addRois, addScans, cohortWithPatients, keep } from '../support/cohort-of-scans.ts';
import { eventsOf } from '../support/job-events.ts';
import { graphOf, killProcess, noticeTheDead, startProcess } from '../support/killable-process.ts';
import { TestServer } from '../support/server.ts';
import { imageFile, maskFile } from '../support/volumes.ts';

const lock = 4711;
const advisoryLocks = `pg_locks join pg_database on pg_database.oid = database
  where locktype = 'advisory' and datname = current_database()`;
let server: TestServer;
/** Holds the lock at which the database makes an erasure wait, and sees what is there. */
let holder: pg.Client;
let erasing: ChildProcess | undefined;

beforeAll(async () => {
  server = await TestServer.start({ role: 'api' });
  holder = new pg.Client(server.database.url);
  await holder.connect();
});
afterEach(async () => {
  if (erasing) await killProcess(erasing);
  await holder.query('select pg_advisory_unlock_all()');
});
afterAll(async () => {
  await holder.end();
  await server.stop();
});

interface Victim {
  readonly id: string;
  /** Files of nobody else's, and one that another patient has as well. */
  readonly own: readonly string[];
  readonly shared: string;
}

const scansOf = ['CT', 'MR', 'PT', 'US'].flatMap((modality) =>
  ['ARTERIAL', 'DELAYED'].map((phase) => ({ modality, phase })),
);

/** A patient with an image and a mask a scan, but for the first, whose image is a bystander's too. */
async function patientWithFiles(key: string, seed: number): Promise<Victim> {
  const { patientIds } = await cohortWithPatients(server, key, ['victim', 'bystander']);
  const [id, bystander] = patientIds;
  const images: string[] = [];
  const masks: string[] = [];
  for (const [place] of scansOf.entries()) {
    const size = [8, 8, 4 + place] as const;
    images.push(await keep(server, imageFile(100 * seed + place, { size })));
    masks.push(await keep(server, maskFile(seed, { size }, 1)));
  }
  const scans = scansOf.map((scan, place) => ({ ...scan, patientId: id, imageSha256: images[place] }));
  const shared = { patientId: bystander, modality: 'CT', imageSha256: images[0] };
  const added = await server.client.run<{ addScans: { id: string }[] }>(addScans, {
    scans: [...scans, shared],
  });
  await server.client.run(addRois, {
    rois: masks.map((maskSha256, place) => ({
      scanId: added.addScans[place]!.id,
      reader: 'r',
      label: seed,
      maskSha256,
    })),
  });
  return { id: id!, own: [...images.slice(1), ...masks], shared: images[0]! };
}

/** Has the erasure wait in the database where the statement is done; returns how to let it go. */
async function holdAt(statement: string, condition = 'true'): Promise<() => Promise<void>> {
  await holder.query(
    `create function hold() returns trigger language plpgsql as $$ begin
       if ${condition} then perform pg_advisory_xact_lock(${lock}); end if;
       return coalesce(new, old);
     end $$;
     create trigger hold before ${statement} for each row execute function hold();
     select pg_advisory_lock(${lock})`,
  );
  return async () => {
    await holder.query(`select pg_advisory_unlock(${lock})`);
    // What the dead process had under way ends when the database notices that nobody is there.
    await expect.poll(() => countOf(advisoryLocks), { timeout: 10_000 }).toBe(0);
    await holder.query('drop function hold() cascade');
  };
}

async function countOf(rows: string): Promise<number> {
  return (await holder.query(`select count(*)::integer as count from ${rows}`)).rows[0].count;
}

const mutation =
  'mutation ($id: ID!) { erasePatient(id: $id, reason: "as asked for") { patientId objectCount } }';

/** Has another process erase the patient. Its answer never comes. */
async function eraseElsewhere({ id }: Victim): Promise<void> {
  erasing = startProcess(server, 'api');
  const address = await graphOf(erasing);
  void fetch(address, {
    method: 'POST',
    headers: { ...server.signedIn, 'content-type': 'application/json' },
    body: JSON.stringify({ query: mutation, variables: { id } }),
  }).catch(() => {});
}

/** How many of the patient's own files are on the disk, and whether the other one is. */
async function filesOf({ own, shared }: Victim): Promise<{ own: number; shared: boolean }> {
  const there = new Set<string>();
  const { root } = server.nomograph.platform.objects;
  for (const folder of await readdir(root))
    for (const file of await readdir(`${root}/${folder}`)) there.add(file);
  return { own: own.filter((hash) => there.has(hash)).length, shared: there.has(shared) };
}

async function rowsOf({ id, own }: Victim) {
  return {
    patient: await countOf(`patient where id = '${id}'`),
    scans: await countOf(`scan where patient_id = '${id}'`),
    regions: await countOf(`roi join scan on scan.id = scan_id where patient_id = '${id}'`),
    objects: await countOf(`object where sha256 in (${own.map((hash) => `'${hash}'`)})`),
    erasures: await countOf(`erasure where patient_id = '${id}'`),
    audited: await countOf(
      `audit_entry where object_id = '${id}' and action = 'erasePatient' and outcome = 'OK'`,
    ),
  };
}
const number = scansOf.length;
const all = { patient: 1, scans: number, regions: number, objects: 2 * number - 1, erasures: 0, audited: 0 };
const none = { patient: 0, scans: 0, regions: 0, objects: 0, erasures: 1, audited: 1 };

describe('a process that is killed while it erases a patient', () => {
  test('has done nothing before the end of its transaction, and another can do it', async () => {
    const victim = await patientWithFiles('before', 1);
    const letGo = await holdAt('insert on erasure');
    await eraseElsewhere(victim);
    await expect.poll(() => countOf(`${advisoryLocks} and not granted`), { timeout: 20_000 }).toBe(1);
    await killProcess(erasing!);
    await letGo();
    expect(await rowsOf(victim)).toEqual(all);
    expect(await countOf('object_removal')).toBe(0);
    expect(await filesOf(victim)).toEqual({ own: victim.own.length, shared: true });

    await server.client.run(mutation, { id: victim.id });
    expect(await rowsOf(victim)).toEqual(none);
    expect(await filesOf(victim)).toEqual({ own: 0, shared: true });
  });

  test('leaves files to the next one to start, which removes them', async () => {
    const victim = await patientWithFiles('after', 2);
    const half = Math.ceil(victim.own.length / 2);
    const letGo = await holdAt(
      'delete on object_removal',
      `(select count(*) from object_removal) <= ${half}`,
    );
    await eraseElsewhere(victim);
    await expect.poll(() => countOf(`${advisoryLocks} and not granted`), { timeout: 20_000 }).toBe(1);
    await killProcess(erasing!);
    await letGo();
    expect(await rowsOf(victim)).toEqual(none);
    // Of the last one the file was gone, but not the note that it was to go.
    expect(await countOf('object_removal')).toBe(half);
    expect(await filesOf(victim)).toEqual({ own: half - 1, shared: true });

    await server.restart();
    expect(await countOf('object_removal')).toBe(0);
    expect(await filesOf(victim)).toEqual({ own: 0, shared: true });
    expect(await server.client.run(mutation, { id: victim.id })).toEqual({
      erasePatient: { patientId: victim.id, objectCount: victim.own.length },
    });
    await verifyChain(server.nomograph.platform.dataSource);
  });

  test('leaves a cohort to the next one to work, which erases the rest', async () => {
    const victim = await patientWithFiles('cohort', 40);
    const half = Math.ceil(victim.own.length / 2);
    const letGo = await holdAt(
      'delete on object_removal',
      `(select count(*) from object_removal) <= ${half}`,
    );
    erasing = startProcess(server, 'worker');
    const { cohortId } = await server.client
      .run<{ cohort: { id: string } }>('{ cohort(key: "cohort") { id } }')
      .then(({ cohort }) => ({ cohortId: cohort.id }));
    const { eraseCohort } = await server.client.run<{ eraseCohort: { id: string } }>(
      'mutation ($id: ID!) { eraseCohort(id: $id, key: "cohort", reason: "as agreed") { id } }',
      { id: cohortId },
    );
    await expect.poll(() => countOf(`${advisoryLocks} and not granted`), { timeout: 20_000 }).toBe(1);
    await killProcess(erasing);
    await letGo();
    expect(await rowsOf(victim)).toEqual({ ...none, audited: 0 });
    const { own, shared } = await filesOf(victim);
    expect(own + (shared ? 1 : 0)).toBe(half - 1);
    const other = await server.startBeside({ role: 'all' });
    try {
      await noticeTheDead(server, 'cohort-erasure');
      const events = await eventsOf(server, eraseCohort.id);
      expect(events.map(({ __typename }) => __typename)).toEqual([
        'JobQueued',
        ...['JobStarted', 'JobProgress', 'JobStarted', 'JobProgress'],
        'CohortErased',
      ]);
      expect(events.at(-1)).toMatchObject({ patientCount: 2 });
      // The other patient was of the cohort too.
      expect(await filesOf(victim)).toEqual({ own: 0, shared: false });
      expect(await countOf('object_removal')).toBe(0);
    } finally {
      await other.halt();
    }
  });

  test.runIf(process.env.MODE === 'long')(
    'at any moment has erased the patient, or not',
    async () => {
      const draw = random(5, 'moments');
      const outcomes = new Set<number>();
      for (let round = 0; round < 12; round++) {
        const victim = await patientWithFiles(`any-${round}`, 3 + round);
        await eraseElsewhere(victim);
        await new Promise((resolve) => setTimeout(resolve, 120 * draw.uniform()));
        await killProcess(erasing!);
        await expect
          .poll(() =>
            countOf(
              `pg_stat_activity where query ~ 'erasure|patient' and state <> 'idle' and pid <> pg_backend_pid()`,
            ),
          )
          .toBe(0);
        await server.restart();
        const rows = await rowsOf(victim);
        outcomes.add(rows.erasures);
        expect(rows).toEqual(rows.erasures ? none : all);
        expect(await filesOf(victim)).toEqual({ own: rows.erasures ? 0 : victim.own.length, shared: true });
      }
      expect([...outcomes].sort()).toEqual([0, 1]);
    },
    120_000,
  );
});
