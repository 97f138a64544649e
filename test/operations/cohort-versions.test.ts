import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clinicalCohort } from '../support/clinical-cohort.ts';
import { eventsOf } from '../support/job-events.ts';
import { TestServer } from '../support/server.ts';
import { cohortOfStudy, createStudy, startStudy, studySources } from '../support/study-cohort.ts';
import { studyFixture } from '../support/study-fixture.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.stop());

interface Version {
  readonly id: string;
  readonly number: number;
  readonly contentHash: string;
  readonly patientCount: number;
  readonly scanCount: number;
  readonly roiCount: number;
  readonly isCurrent: boolean;
}
const fields = 'id number contentHash patientCount scanCount roiCount isCurrent cohort { key }';
const freeze = async (id: string) =>
  (
    await server.client.run<{ freezeCohort: Version }>(
      `mutation ($id: ID!) { freezeCohort(id: $id) { ${fields} } }`,
      { id },
    )
  ).freezeCohort;
const sql = (text: string, parameters: unknown[] = []) =>
  server.nomograph.platform.dataSource.query(text, parameters);

describe('freezing', () => {
  test('the same data give the same version, also to many at once; other data the next number', async () => {
    const { cohortId, patients } = await clinicalCohort(server, 'frozen', 30);
    const versions = await Promise.all(Array.from({ length: 5 }, () => freeze(cohortId)));
    const scans = patients.flatMap((patient) => patient.scans);
    for (const version of versions) expect(version).toEqual(versions[0]);
    expect(versions[0]).toMatchObject({
      number: 1,
      patientCount: 30,
      scanCount: scans.length,
      roiCount: scans.flatMap(({ readers }) => readers).length,
      isCurrent: true,
      cohort: { key: 'frozen' },
    });
    await sql('update patient set site = $2 where id = $1', [patients[0].id, 'elsewhere']);
    const second = await freeze(cohortId);
    expect(second.number).toBe(2);
    await sql('update patient set site = $2 where id = $1', [patients[0].id, patients[0].site]);
    expect(await freeze(cohortId)).toEqual(versions[0]);
    const { cohort } = await server.client.run<{ cohort: { versions: { edges: { node: Version }[] } } }>(
      '{ cohort(key: "frozen") { versions { totalCount edges { node { number isCurrent } } } } }',
    );
    expect(cohort.versions).toMatchObject({
      totalCount: 2,
      edges: [{ node: { number: 2, isCurrent: false } }, { node: { number: 1, isCurrent: true } }],
    });
  });

  test('equal data have equal hashes, whatever their identifiers and the order of their coming', async () => {
    const one = await clinicalCohort(server, 'one', 25, 3);
    const other = await clinicalCohort(server, 'other', 25, 3);
    const different = await clinicalCohort(server, 'different', 25, 4);
    const hash = (await freeze(one.cohortId)).contentHash;
    expect((await freeze(other.cohortId)).contentHash).toBe(hash);
    expect((await freeze(different.cohortId)).contentHash).not.toBe(hash);
  });

  test('any change of what belongs to the data changes the hash', async () => {
    const { cohortId, patients } = await clinicalCohort(server, 'changing', 40);
    const { id } = patients.find(
      ({ outcomes, scans }) => outcomes.length > 0 && scans.some(({ readers }) => readers.length > 0),
    ) as { id: string };
    const seen = new Set([(await freeze(cohortId)).contentHash]);
    for (const change of [
      `update patient set covariates = covariates || '{"age": 41.5}' where id = $1`,
      `update patient set covariates = covariates - 'age' where id = $1`,
      'update outcome set event = not event where patient_id = $1',
      'update outcome set time = time + 1e-9 where patient_id = $1',
      `update outcome set time_unit = 'DAYS' where patient_id = $1`,
      `update scan set phase = 'DELAYED' where id = (select id from scan where patient_id = $1 and phase <> 'DELAYED' order by modality, phase desc limit 1)`,
      `update roi set reader = reader || 'x' where scan_id in (select id from scan where patient_id = $1)`,
      'update roi set label = 2 where scan_id in (select id from scan where patient_id = $1)',
      `update patient set subject_key = 'renamed' where id = $1`,
      'delete from roi where scan_id in (select id from scan where patient_id = $1)',
      'delete from patient where id = $1',
    ]) {
      await sql(change, [id]);
      const { contentHash } = await freeze(cohortId);
      expect(seen, change).not.toContain(contentHash);
      seen.add(contentHash);
    }
    await sql(
      `update cohort set covariates = covariates || '[{"name": "new", "kind": "NUMERIC"}]' where id = $1`,
      [cohortId],
    );
    expect(seen).not.toContain((await freeze(cohortId)).contentHash);
  });

  test('a cohort of more patients than are read at once, and of none', async () => {
    const { cohortId } = await clinicalCohort(server, 'many', 2_001);
    expect(await freeze(cohortId)).toMatchObject({ patientCount: 2_001 });
    const { createCohort } = await server.client.run<{ createCohort: { id: string } }>(
      'mutation { createCohort(input: { key: "empty" }) { id } }',
    );
    expect(await freeze(createCohort.id)).toMatchObject({ number: 1, patientCount: 0, isCurrent: true });
  });
});

describe('what a version tells', () => {
  const asked =
    '{ cohort(key: "told") { versions { edges { node { patientCount scanCount roiCount isCurrent } } } } }';
  const seenBy = async (grant: object): Promise<object> => {
    const { createApiKey } = await server.client.run<{ createApiKey: { secret: string } }>(
      'mutation ($grant: GrantInput!) { createApiKey(input: { name: "told", grants: [$grant] }) { secret } }',
      { grant: { cohortKey: 'told', ...grant } },
    );
    const { body } = await server.post({ query: asked }, { authorization: `Bearer ${createApiKey.secret}` });
    expect(body.errors).toBeUndefined();
    return (body.data as { cohort: { versions: { edges: { node: object }[] } } }).cohort.versions.edges[0]
      .node;
  };
  const withheld = { patientCount: null, scanCount: null, roiCount: null, isCurrent: true };

  test('has the numbers of all sites for who has a role at all of them, and none for others', async () => {
    const { cohortId, patients } = await clinicalCohort(server, 'told', 30);
    const version = await freeze(cohortId);
    const site = patients.find((patient) => patient.site !== null)?.site;
    expect(site).toEqual(expect.any(String));
    expect(await seenBy({ role: 'READER' })).toEqual({
      patientCount: 30,
      scanCount: version.scanCount,
      roiCount: version.roiCount,
      isCurrent: true,
    });
    for (const role of ['READER', 'ANALYST', 'ADMIN'])
      expect(await seenBy({ role, site }), role).toEqual(withheld);
  });

  test('has small numbers for who sees the rows', async () => {
    await sql(`delete from patient where subject_key not in (select subject_key from patient
      join cohort on cohort.id = cohort_id and key = 'told' join scan on patient_id = patient.id limit 1)
      and cohort_id = (select id from cohort where key = 'told')`);
    const [{ id }] = await sql(`select id from cohort where key = 'told'`);
    const { patientCount, scanCount, roiCount } = await freeze(id);
    expect(patientCount).toBe(1);
    const all = { patientCount, scanCount, roiCount, isCurrent: true };
    expect(await seenBy({ role: 'ANALYST' })).toEqual(all);
    const shown = (count: number) => (count > 0 && count < 5 ? null : count);
    expect(await seenBy({ role: 'READER' })).toEqual({
      patientCount: null,
      scanCount: shown(scanCount),
      roiCount: shown(roiCount),
      isCurrent: true,
    });
  });
});

describe('a study', () => {
  const settings = {
    endpoints: [{ name: 'OS' }],
    sources: studySources,
    covariates: ['age', 'invasion'],
    horizons: [12],
    folds: { count: 4 },
    replicates: 0,
  };
  const versionOf = async (id: string) =>
    (
      await server.client.run<{ study: { cohortVersion: Version | null } }>(
        'query ($id: ID!) { study(id: $id) { cohortVersion { number isCurrent } } }',
        { id },
      )
    ).study.cohortVersion;

  test('runs on the version that it names, or freezes one; it refuses other data', async () => {
    const { cohortId, patientIds } = await cohortOfStudy(server, 'studied', studyFixture(5, 60, 6));
    const { number } = await freeze(cohortId);
    const named = await createStudy(server, { cohortId, name: 'named', cohortVersion: number, ...settings });
    const free = await createStudy(server, { cohortId, name: 'free', ...settings });
    const late = await createStudy(server, { cohortId, name: 'late', cohortVersion: number, ...settings });
    expect(await versionOf(named)).toEqual({ number: 1, isCurrent: true });
    expect(await versionOf(free)).toBeNull();
    for (const id of [named, free])
      expect((await eventsOf(server, await startStudy(server, id))).at(-1)).toMatchObject({
        __typename: 'StudyCompleted',
      });
    expect(await versionOf(free)).toEqual({ number: 1, isCurrent: true });

    // What the study does not read has changed: another version all the same.
    const [subject] = patientIds.keys();
    await sql(`update patient set site = 'moved' where id = $1`, [patientIds.get(subject)]);
    expect((await eventsOf(server, await startStudy(server, late))).at(-1)).toMatchObject({
      __typename: 'JobFailed',
      failure: { code: 'CONFLICT', details: { version: 1 } },
    });
    expect(await versionOf(late)).toEqual({ number: 1, isCurrent: false });
    // A completed study reads what it read before.
    expect((await eventsOf(server, await startStudy(server, named))).at(-1)).toMatchObject({
      __typename: 'StudyCompleted',
      reused: true,
    });
  }, 120_000);

  test('that was created with another version, or with none, is another study', async () => {
    const { cohortId, patients } = await clinicalCohort(server, 'named-studies', 10);
    await freeze(cohortId);
    await sql('update patient set site = $2 where id = $1', [patients[0].id, 'elsewhere']);
    await freeze(cohortId);
    const input = { cohortId, name: 's', endpoints: [{ name: 'OS' }], sources: [], covariates: ['age'] };
    const mutation = 'mutation ($input: StudyInput!) { createStudy(input: $input) { id } }';
    const id = await createStudy(server, { ...input, cohortVersion: 1 });
    expect(await createStudy(server, { ...input, cohortVersion: 1 })).toBe(id);
    expect(await createStudy(server, input)).toBe(id);
    for (const [change, code] of [
      [{ cohortVersion: 2 }, 'CONFLICT'],
      [{ cohortVersion: 3 }, 'NOT_FOUND'],
      [{ cohortVersion: 0 }, 'NOT_FOUND'],
    ] as const) {
      const [error] = await server.errorsOf(mutation, { input: { ...input, ...change } });
      expect(error.extensions.code, JSON.stringify(change)).toBe(code);
    }
    await createStudy(server, { ...input, name: 'none' });
    const [error] = await server.errorsOf(mutation, { input: { ...input, name: 'none', cohortVersion: 1 } });
    expect(error.extensions.code).toBe('CONFLICT');
  });
});
