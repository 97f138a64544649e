import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as entities from '../../src/store/entities/index.ts';
import { readLists, readRows } from '../../src/store/read-rows.ts';
import { TestServer } from '../support/server.ts';
import { sitedCohort } from '../support/sited-cohort.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
  const { id } = await sitedCohort(server, 'read', ['north', 'none']);
  const { manager } = server.nomograph.platform.dataSource;
  await manager.update(entities.Patient, { cohortId: id }, { covariates: { Age: 61.5, Sex: 'F' } });
  await manager.insert(entities.ApiKey, {
    id: uuid(),
    name: 'ends',
    prefix: 'nmg_abcdef',
    secretHash: 'e'.repeat(64),
    createdBy: 'development',
    expiresAt: new Date('2030-01-02T03:04:05.678Z'),
  });
});
afterAll(() => server.stop());

const kinds = Object.entries(entities).filter(([, entity]) => typeof entity === 'function');

test.each(kinds)('rows of %s are those that TypeORM gives', async (_name, entity) => {
  const query = () =>
    server.nomograph.platform.dataSource
      .getRepository(entity as typeof entities.Patient)
      .createQueryBuilder('entry');
  const theirs = await query().getMany();
  expect(await readRows(query())).toEqual(theirs.map((row) => ({ ...row })));
});

test('some columns are read where some are asked for', async () => {
  const query = () =>
    server.nomograph.platform.dataSource
      .getRepository(entities.Scan)
      .createQueryBuilder('entry')
      .select(['entry.id', 'entry.modality']);
  const theirs = await query().getMany();
  expect(await readRows(query())).toEqual(theirs.map((row) => ({ ...row })));
});

test('lists of rows are those that TypeORM gives, in the order asked for', async () => {
  const { dataSource } = server.nomograph.platform;
  const scans = await dataSource.getRepository(entities.Scan).find();
  const patients = scans.map(({ patientId }) => patientId);
  const lists = await readLists(dataSource, entities.Scan, 'patientId', ['modality', 'phase'], patients);
  expect(lists.size).toBe(2);
  for (const scan of scans) expect(lists.get(scan.patientId)).toEqual([{ ...scan }]);
  await expect(
    readLists(dataSource, entities.AuditEntry, 'principal', ['sequence'], ['development']),
  ).rejects.toThrow('transformers');
});

test('there are rows of what a page is made of', async () => {
  const { manager } = server.nomograph.platform.dataSource;
  for (const entity of [
    entities.Patient,
    entities.Outcome,
    entities.Scan,
    entities.Roi,
    entities.FeatureVector,
    entities.StoredObject,
    entities.Job,
    entities.ApiKey,
  ])
    expect(await manager.count(entity as typeof entities.Patient), entity.name).toBeGreaterThan(0);
});
