import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSchema } from '../../src/api/schema.ts';
import { keep } from '../support/cohort-of-scans.ts';
import { ExampleOperations } from '../support/example-operations.ts';
import { eventsOf } from '../support/job-events.ts';
import { Registry } from '../support/registry.ts';
import { TestServer } from '../support/server.ts';
import { cohortOfStudy, studySources } from '../support/study-cohort.ts';
import { studyFixture } from '../support/study-fixture.ts';
import { sha256 } from '../support/tus.ts';
import { imageFile, maskFile } from '../support/volumes.ts';

/** What is read of an answer: the examples themselves say the rest. */
interface Edges<T> {
  readonly totalCount: number;
  readonly edges: readonly { readonly node: T }[];
}
interface Id {
  readonly id: string;
}

const fixture = studyFixture(5, 60, 12);
let server: TestServer;
let registry: Registry;
let examples: ExampleOperations;
let cohortId: string;
let patientIds: ReadonlyMap<string, string>;
beforeAll(async () => {
  const outcome = { endpoint: 'RFS', time: 12, timeUnit: 'MONTHS', event: true };
  registry = await new Registry('cancer', 'studied', { P001: [outcome] }).start();
  server = await TestServer.start({ registries: { cancer: registry.url } });
  examples = new ExampleOperations(server);
  ({ cohortId, patientIds } = await cohortOfStudy(server, 'studied', fixture));
});
afterAll(async () => {
  await server.stop();
  await registry.stop();
});

test('schema.graphql is at an address for who is signed in, and costs nothing while it stays the same', async () => {
  const address = `${server.url}/schema.graphql`;
  const refused = await fetch(address);
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  const answer = await fetch(address, { headers: server.signedIn });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  const file = resolve(import.meta.dirname, '../../schema/schema.graphql');
  expect(await answer.text()).toBe(readFileSync(file, 'utf8'));
  const again = await fetch(address, {
    headers: {
      ...server.signedIn,
      'if-none-match': answer.headers.get('etag') as string,
      // Without a word on it, fetch asks that no cache be believed.
      'cache-control': 'max-age=0',
    },
  });
  expect(again.status).toBe(304);
});

test('a cohort is made, its files are uploaded, and its features extracted and exported', async () => {
  const { viewer } = await examples.answer('Viewer');
  expect(viewer).toMatchObject({ id: 'development', grants: [{ role: 'ADMIN', cohortKey: null }] });
  const { createCohort } = await examples.answer('CreateCohort', {
    input: {
      key: 'made',
      covariates: [
        { name: 'Age', kind: 'NUMERIC', unit: 'years' },
        { name: 'MVI', kind: 'CATEGORICAL', levels: ['absent', 'present'] },
      ],
    },
  });
  const { addPatients } = await examples.answer<{ addPatients: Id[] }>('AddPatients', {
    cohortId: createCohort.id,
    patients: ['P001', 'P002', 'P003'].map((subjectKey, row) => ({
      subjectKey,
      covariates: [
        { name: 'Age', number: 50 + row },
        { name: 'MVI', level: row === 1 ? 'absent' : 'present' },
      ],
      outcomes: [{ endpoint: 'OS', time: 10 * (row + 1), event: true }],
    })),
  });
  const [image, mask] = [imageFile(1), maskFile(1)];
  const hashes = { sha256: [sha256(image), sha256(mask)] };
  expect(await examples.answer('KnownObjects', hashes)).toEqual({ objects: [] });
  for (const bytes of [image, mask]) await keep(server, bytes);
  expect((await examples.answer<{ objects: object[] }>('KnownObjects', hashes)).objects).toHaveLength(2);
  const { addScans } = await examples.answer<{ addScans: Id[] }>('AddScans', {
    scans: addPatients.map(({ id }) => ({
      patientId: id,
      modality: 'CT',
      phase: 'ARTERIAL',
      imageSha256: sha256(image),
    })),
  });
  const { addRois } = await examples.answer<{ addRois: { id: string; voxelCount: number }[] }>('AddRois', {
    rois: addScans.map(({ id }) => ({ scanId: id, reader: 'reader-1', maskSha256: sha256(mask) })),
  });
  expect(addRois.every(({ voxelCount }) => voxelCount > 100)).toBe(true);

  const { extractFeatures } = await examples.answer('ExtractFeatures', {
    input: { cohortId: createCohort.id, profile: 'pyradiomics-default', filter: { modality: 'CT' } },
  });
  const extracted = await examples.watch('WatchExtraction', extractFeatures.id);
  expect(extracted.at(-1)).toMatchObject({ __typename: 'ExtractionCompleted', failed: 0 });
  const { extractionProfiles } = await examples.answer<{
    extractionProfiles: Edges<{ id: string; name: string; featureNames: string[] }>;
  }>('ExtractionProfiles');
  const profile = extractionProfiles.edges.find(({ node }) => node.name === 'pyradiomics-default')?.node;
  const matrix = { key: 'made', profileId: profile?.id };
  const names = ['original_shape_MeshVolume', 'original_firstorder_Mean'];
  const whole = await examples.answer<Matrix>('FeatureMatrix', matrix);
  const some = await examples.answer<Matrix>('FeatureMatrix', { ...matrix, names, first: 2 });
  expect(whole.cohort.featureVectors.edges[0].node.values).toHaveLength(profile?.featureNames.length ?? -1);
  expect(some.cohort.featureVectors.edges.map(({ node }) => node.values.length)).toEqual([2, 2]);
  const bytes = await examples.answer<{
    cohort: { featureMatrix: { values: string; names: string[]; totalCount: number } };
  }>('FeatureMatrixBytes', { key: 'made', profile: 'pyradiomics-default', names });
  const { values, totalCount } = bytes.cohort.featureMatrix;
  const decoded = new Float64Array(Buffer.from(values, 'base64').buffer.slice(0, 16 * totalCount));
  expect(decoded).toHaveLength(2 * whole.cohort.featureVectors.totalCount);

  const { featureVector } = await examples.answer<{ featureVector: object }>('FeatureVector', {
    id: whole.cohort.featureVectors.edges[0].node.id,
  });
  expect(featureVector).toMatchObject({
    profile: { name: 'pyradiomics-default' },
    roi: { mask: { sha256: sha256(mask) } },
  });
  const { createExtractionProfile } = await examples.answer('CreateExtractionProfile', {
    input: { name: 'first order', parameters: { featureClass: { firstorder: ['Mean'] } } },
  });
  expect(createExtractionProfile).toMatchObject({ featureNames: ['original_firstorder_Mean'] });
  const { extractionProfile } = await examples.answer('ExtractionProfile', { name: 'first order' });
  expect(extractionProfile.id).toBe(createExtractionProfile.id);

  const { cohort } = await examples.answer<ExportAddress>('ExportAddress', matrix);
  const { name } = cohort.featureVectors.edges[0].node.profile;
  for (const format of ['csv', 'ndjson', 'arrow']) {
    const answer = await fetch(`${server.url}/export/${cohort.key}/${name}.${format}`, {
      headers: server.signedIn,
    });
    expect(answer.status).toBe(200);
    const text = await answer.text();
    if (format === 'csv') expect(text.trim().split('\n')).toHaveLength(1 + cohort.featureVectors.totalCount);
  }
});
interface Matrix {
  readonly cohort: { readonly featureVectors: Edges<{ readonly id: string; readonly values: number[] }> };
}
interface ExportAddress {
  readonly cohort: {
    readonly key: string;
    readonly featureVectors: Edges<{ readonly profile: { readonly name: string } }>;
  };
}

test('a page of a cohort is filtered and sorted, and goes on where it ended', async () => {
  const { cohorts } = await examples.answer<{ cohorts: Edges<{ key: string }> }>('Cohorts');
  expect(cohorts.edges.map(({ node }) => node.key)).toContain('studied');
  const variables = {
    key: 'studied',
    first: 3,
    filter: {
      all: [
        { covariate: { name: 'invasion', is: { in: [{ level: 'present' }] } } },
        { scan: { modality: 'MR' } },
      ],
    },
    orderBy: { outcome: { endpoint: 'OS', direction: 'DESC' } },
  };
  const first = await examples.answer<Page>('CohortPage', variables);
  const { totalCount, edges, pageInfo } = first.cohort.patients;
  expect(totalCount).toBeGreaterThan(6);
  const second = await examples.answer<Page>('CohortPage', { ...variables, after: pageInfo.endCursor });
  const times = [...edges, ...second.cohort.patients.edges].map(({ node }) => node.outcomes[0].time);
  expect(times).toEqual([...times].sort((a, b) => b - a));
  expect(times).toHaveLength(6);
});
interface Page {
  readonly cohort: {
    readonly patients: Edges<{ readonly outcomes: { readonly time: number }[] }> & {
      readonly pageInfo: { readonly endCursor: string };
    };
  };
}

test('a patient has a page, which leads to scans, regions and features', async () => {
  const { patient } = await examples.answer<{
    patient: { subjectKey: string; scans: { id: string; rois: Id[] }[] };
  }>('PatientPage', { id: patientIds.get('P003') });
  expect(patient).toMatchObject({ subjectKey: 'P003', scans: { length: 2 } });
  const [scan] = patient.scans;
  const details = await examples.answer('ScanDetails', { id: scan.id });
  expect(details.scan).toMatchObject({ patient: { subjectKey: 'P003' }, image: { format: 'NIFTI1' } });
  const { roi } = await examples.answer('RoiDetails', { id: scan.rois[0].id });
  expect(roi).toMatchObject({ scan: { id: scan.id }, featureVectors: { length: 1 } });
});

test('a covariate is distributed, in groups and alone', async () => {
  const variables = { key: 'studied', covariate: 'age', bins: { count: 6 }, by: { outcome: 'OS' } };
  const { cohort } = await examples.answer<Distributed>('Distribution', variables);
  const { all, groups } = cohort.distribution;
  expect(all.bins.reduce((sum, { count }) => sum + count, 0)).toBe(60);
  expect(groups.map(({ event }) => event)).toEqual(expect.arrayContaining([true, false]));
  expect(groups.reduce((sum, { counts }) => sum + counts.count, 0)).toBe(cohort.patientCount);
});
interface Distributed {
  readonly cohort: {
    readonly patientCount: number;
    readonly distribution: {
      readonly all: { readonly bins: readonly { readonly count: number }[] };
      readonly groups: readonly {
        readonly event: boolean | null;
        readonly counts: { readonly count: number };
      }[];
    };
  };
}

test('a Cox model is fitted and watched, read, and asked', async () => {
  const { fitCoxModel } = await examples.answer('FitCoxModel', {
    input: { cohortId, endpoint: 'OS', covariates: ['age', 'invasion'], split: { seed: 1 } },
  });
  const told = await examples.watch('WatchFit', fitCoxModel.id);
  const end = told.at(-1) as { __typename: string; modelId: string };
  expect(end.__typename).toBe('CoxFitCompleted');
  const { model } = await examples.answer<{ model: { coefficients: object[]; survivalCurves: object[] } }>(
    'ReadModel',
    { id: end.modelId },
  );
  expect(model.coefficients).toHaveLength(2);
  expect(model.survivalCurves).toHaveLength(4);
  const { model: asked } = await examples.answer<{ model: { predictions: Edges<object> } }>(
    'ModelPredictions',
    { id: end.modelId, first: 5 },
  );
  expect(asked.predictions).toMatchObject({ totalCount: 60, edges: { length: 5 } });
  expect((await examples.watch('WatchJob', fitCoxModel.id, 3)).map(({ sequence }) => sequence)).toEqual(
    told.slice(3).map(({ sequence }) => sequence),
  );
  const { job } = await examples.answer<{ job: { state: string; events: Edges<object> } }>('ReadJob', {
    id: fitCoxModel.id,
  });
  expect(job).toMatchObject({ state: 'COMPLETED', events: { edges: { length: told.length } } });
});

test('studies are made, run, watched, read, predicted from, compared and reported', async () => {
  const { freezeCohort } = await examples.answer<{ freezeCohort: { number: number } }>('FreezeCohort', {
    id: cohortId,
  });
  const input = {
    cohortId,
    cohortVersion: freezeCohort.number,
    endpoints: [{ name: 'OS' }],
    sources: studySources,
    covariates: ['age', 'invasion'],
    horizons: [12, 24],
    folds: { count: 4 },
    replicates: 10,
  };
  const ids: string[] = [];
  for (const change of [{ name: 'first' }, { name: 'second', iccThreshold: 0.9 }]) {
    const { createStudy } = await examples.answer('CreateStudy', { input: { ...input, ...change } });
    ids.push(createStudy.id);
    const { runStudy } = await examples.answer('RunStudy', { id: createStudy.id });
    const told = await examples.watch('WatchStudy', runStudy.id);
    expect(told.at(-1)).toMatchObject({ __typename: 'StudyCompleted', studyId: createStudy.id });
  }
  const { study } = await examples.answer<Read>('ReadStudy', { id: ids[0] });
  const modelId = study.endpoints[0].models.find(({ name }) => name === 'CT+MR')?.outcome.id;
  const { predict } = await examples.answer<{ predict: { survival: object[] } }>('Predict', {
    modelId,
    patient: { patientId: patientIds.get('P003') },
    horizons: [12],
  });
  expect(predict.survival).toMatchObject([{ horizon: 12 }]);
  const { compareStudies } = await examples.answer<{
    compareStudies: { differences: { field: string }[]; concordance: object[] };
  }>('CompareStudies', { ids });
  expect(compareStudies.differences.map(({ field }) => field)).toContain('iccThreshold');
  expect(compareStudies.concordance.length).toBeGreaterThan(6);
  const { model } = await examples.answer<{ model: { predictions: Edges<Id> } }>('ModelPredictions', {
    id: modelId,
    first: 1,
  });
  const { prediction } = await examples.answer<{
    prediction: { featureVectors: { roi: { scan: Id } }[] };
  }>('PredictionLineage', { id: model.predictions.edges[0].node.id });
  expect(prediction.featureVectors).toHaveLength(2);
  const { scan } = await examples.answer<{ scan: { studies: Edges<Id> } }>('ScanLineage', {
    id: prediction.featureVectors[0].roi.scan.id,
  });
  expect(scan.studies.edges.map(({ node }) => node.id)).toContain(ids[0]);
  const { createStudyReport } = await examples.answer<{ createStudyReport: { path: string; url: string }[] }>(
    'CreateStudyReport',
    { id: ids[0] },
  );
  const { url } = createStudyReport.find(({ path }) => path === 'report.html') as { url: string };
  expect((await fetch(`${server.url}${url}`, { headers: server.signedIn })).status).toBe(200);

  const { createStudy } = await examples.answer('CreateStudy', {
    input: { ...input, name: 'long', pipelineReplicates: 500 },
  });
  const { runStudy } = await examples.answer('RunStudy', { id: createStudy.id });
  expect(await examples.answer('CancelJob', { jobId: runStudy.id })).toEqual({
    cancelJob: { id: runStudy.id, state: 'CANCELLED' },
  });
  const { cohort } = await examples.answer<Results>('CohortResults', { key: 'studied' });
  expect(cohort.studies.edges.map(({ node }) => node.name)).toEqual(['long', 'second', 'first']);
  expect(cohort.jobs.edges.map(({ node }) => node.state)).toContain('CANCELLED');
});
interface Read {
  readonly study: {
    readonly endpoints: readonly {
      readonly models: readonly { readonly name: string; readonly outcome: Partial<Id> }[];
    }[];
  };
}
interface Results {
  readonly cohort: {
    readonly studies: Edges<{ readonly name: string }>;
    readonly jobs: Edges<{ readonly state: string }>;
  };
}

test('outcomes come from a registry', async () => {
  const { importOutcomes } = await examples.answer<{ importOutcomes: object }>('ImportOutcomes', {
    input: { cohortId, registry: 'cancer' },
  });
  expect(importOutcomes).toMatchObject({ __typename: 'OutcomeImport', endpoints: null, addedCount: 1 });
});

test('administrators make keys, give roles, erase a patient, find it in the audit log, and erase a cohort', async () => {
  const { createApiKey } = await examples.answer<{ createApiKey: { secret: string; key: Id } }>(
    'CreateApiKey',
    {
      input: { name: 'dashboard', grants: [{ role: 'READER', cohortKey: 'studied' }] },
    },
  );
  const { id } = createApiKey.key;
  const { apiKeys } = await examples.answer<{ apiKeys: Edges<Id> }>('ApiKeys');
  expect(apiKeys.edges.map(({ node }) => node.id)).toEqual([id]);
  expect(await examples.answer('RevokeApiKey', { id })).toMatchObject({ revokeApiKey: { id } });
  const { grantRole } = await examples.answer('GrantRole', {
    principal: 'user:ada',
    grant: { role: 'ANALYST', cohortKey: 'studied' },
  });
  const { grants } = await examples.answer<{ grants: Edges<Id> }>('Grants', { principal: 'user:ada' });
  expect(grants.edges.map(({ node }) => node.id)).toEqual([grantRole.id]);
  expect(await examples.answer('WithdrawGrant', { id: grantRole.id })).toMatchObject({
    withdrawGrant: { principal: 'user:ada' },
  });
  const patientId = patientIds.get('P009') as string;
  const { erasePatient } = await examples.answer<{ erasePatient: object }>('ErasePatient', {
    id: patientId,
    reason: 'The patient withdrew consent.',
  });
  expect(erasePatient).toMatchObject({ patientId, studyCount: 2 });
  const { auditEntries } = await examples.answer<{ auditEntries: Edges<object> }>('AuditEntries', {
    filter: { action: 'erasePatient' },
  });
  expect(auditEntries.edges.map(({ node }) => node)).toMatchObject([{ objectId: patientId, outcome: 'OK' }]);
  const { eraseCohort } = await examples.answer('EraseCohort', {
    id: cohortId,
    key: 'studied',
    reason: 'The study has ended.',
  });
  expect((await eventsOf(server, eraseCohort.id)).at(-1)?.__typename).toBe('CohortErased');
});

test('every field of the roots has an example', async () => {
  const schema = await createSchema();
  const fields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(
    (type) => Object.keys(type?.getFields() ?? {}),
  );
  const used = [...examples.texts.values()].join('\n');
  // These two are what a gateway asks for.
  const without = fields.filter(
    (name) => !name.startsWith('_') && !new RegExp(`^ {2}${name}\\b`, 'm').test(used),
  );
  expect(without).toEqual([]);
});

test('that was every operation of schema/operations', () => {
  expect([...examples.run].sort()).toEqual([...examples.texts.keys()].sort());
});
