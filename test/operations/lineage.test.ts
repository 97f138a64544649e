import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ModelInputs1795447800000 } from '../../migrations/1795447800000-model-inputs.ts';
import { studyVersion } from '../../src/engine/study/index.ts';
import { ExampleOperations } from '../support/example-operations.ts';
import { eventsOf, startFit } from '../support/job-events.ts';
import { TestServer } from '../support/server.ts';
import { cohortOfStudy, createStudy, startStudy, studySources } from '../support/study-cohort.ts';
import { studyFixture } from '../support/study-fixture.ts';

interface StoredVector {
  readonly id: string;
  readonly patient_id: string;
  readonly roi_id: string;
  readonly scan_id: string;
  readonly modality: string;
  readonly reader: string;
}
interface StoredModel {
  readonly id: string;
  readonly study_id: string | null;
  /** The modalities whose features it has. */
  readonly modalities: readonly string[];
}
interface Edges<T> {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  readonly edges: readonly { readonly node: T }[];
}
interface Id {
  readonly id: string;
}

let server: TestServer;
let cohortId: string;
let studyId: string;
let fitted: string;
let vectors: StoredVector[];
let models: StoredModel[];
let predictions: { readonly id: string; readonly model_id: string; readonly patient_id: string }[];
const sql = <T>(text: string, parameters: unknown[] = []): Promise<T[]> =>
  server.nomograph.platform.dataSource.query(text, parameters);

beforeAll(async () => {
  server = await TestServer.start();
  ({ cohortId } = await cohortOfStudy(server, 'traced', studyFixture(3, 60, 10)));
  studyId = await createStudy(server, {
    cohortId,
    name: 'the study',
    endpoints: [{ name: 'OS' }],
    sources: studySources,
    covariates: ['age', 'invasion'],
    horizons: [12],
    folds: { count: 4 },
    replicates: 2,
    exclusions: [{ reason: 'so old', covariate: 'invasion', equals: [{ level: 'nobody' }] }],
  });
  await eventsOf(server, await startStudy(server, studyId));
  const fit = await startFit(server, {
    cohortId,
    endpoint: 'OS',
    covariates: ['age'],
    features: [{ profile: 'features of MR', names: ['f0', 'f1'], modality: 'MR', reader: 'r1' }],
  });
  const told = await eventsOf(server, fit);
  fitted = told.at(-1)!.modelId as string;
  vectors = await sql(
    `select vector.id, vector.patient_id, roi_id, scan_id, modality, reader
     from feature_vector vector join roi on roi.id = roi_id join scan on scan.id = scan_id order by vector.id`,
  );
  predictions = await sql('select id, model_id, patient_id from prediction order by id');
  const found = await sql<{ id: string; study_id: string | null; specification: { sources?: string[] } }>(
    'select id, study_id, specification from model order by id desc',
  );
  models = found.map(({ id, study_id, specification }) => ({
    id,
    study_id,
    modalities: study_id ? specification.sources! : ['MR'],
  }));
}, 60_000);
afterAll(() => server.stop());

/** The vectors that a prediction rests on, by the plainest code there is. */
const vectorsOf = (prediction: (typeof predictions)[number]) => {
  const { modalities } = models.find(({ id }) => id === prediction.model_id)!;
  return vectors.filter(
    (vector) =>
      vector.patient_id === prediction.patient_id &&
      vector.reader === 'r1' &&
      modalities.includes(vector.modality),
  );
};
const idsOf = (rows: readonly Id[]) => rows.map(({ id }) => id);
const nodesOf = <T>({ edges }: Edges<T>) => edges.map(({ node }) => node);

test('every prediction rests on the vectors that its model picks out, and no other', async () => {
  expect(models.filter(({ study_id }) => study_id === studyId).length).toBeGreaterThan(3);
  expect(predictions.length).toBeGreaterThan(300);
  for (const { id: model } of models) {
    const { model: found } = await server.client.run<{
      model: { predictions: Edges<{ id: string; featureVectors: Id[] }>; all: Edges<Id>; second: Edges<Id> };
    }>(
      `query ($model: ID!) { model(id: $model) {
        predictions(first: 1000) { edges { node { id featureVectors { id } } } }
        all: featureVectors(first: 1000) { totalCount edges { node { id } } }
        second: featureVectors(first: 1000, isSecondReading: true) { totalCount edges { node { id } } } } }`,
      { model },
    );
    const own = predictions.filter(({ model_id }) => model_id === model);
    expect(nodesOf(found.predictions)).toEqual(
      own.map((prediction) => ({
        id: prediction.id,
        featureVectors: vectorsOf(prediction).map(({ id }) => ({ id })),
      })),
    );
    const { modalities, study_id } = models.find(({ id }) => id === model)!;
    const second = study_id
      ? vectors.filter(({ reader, modality }) => reader === 'r2' && modalities.includes(modality))
      : [];
    expect(idsOf(nodesOf(found.second))).toEqual(idsOf(second));
    expect(idsOf(nodesOf(found.all))).toEqual(
      [...new Set([...idsOf(own.flatMap(vectorsOf)), ...idsOf(second)])].sort(),
    );
  }
});

test('back from a prediction to model, study, data, vectors, masks, images, hashes and software', async () => {
  const examples = new ExampleOperations(server);
  const both = models.find(({ modalities }) => modalities.length === 2)!;
  const prediction = predictions.find(({ model_id }) => model_id === both.id)!;
  const answer = await examples.answer<{ prediction: object }>('PredictionLineage', { id: prediction.id });
  const [study] = await sql<{ data_hash: string; result_hash: string }>('select * from study where id = $1', [
    studyId,
  ]);
  const [version] = await sql<{ content_hash: string }>('select * from cohort_version');
  const sha256 = 'cd'.repeat(32);
  expect(answer.prediction).toMatchObject({
    id: prediction.id,
    model: {
      id: both.id,
      study: {
        id: studyId,
        cohortVersion: { number: 1, contentHash: version!.content_hash },
        provenance: { dataHash: study!.data_hash, resultHash: study!.result_hash },
      },
    },
    featureVectors: vectorsOf(prediction).map(({ id, modality }) => ({
      id,
      extractorVersion: 'test',
      profile: { name: `features of ${modality}` },
      roi: { reader: 'r1', mask: { sha256 }, scan: { modality, image: { sha256 } } },
    })),
  });
  const versions = 'versions { name version }';
  for (const id of [both.id, fitted]) {
    const { model } = await server.client.run<{ model: { versions: { name: string; version: string }[] } }>(
      `query ($id: ID!) { model(id: $id) { ${versions} } }`,
      { id },
    );
    const byName = Object.fromEntries(model.versions.map(({ name, version }) => [name, version]));
    expect(byName).toMatchObject({ 'study engine': studyVersion, node: process.version });
    expect(byName.nomograph).toMatch(/^\d/);
  }
  const unknown = '{ prediction(id: "00000000-0000-4000-8000-000000000000") { id } }';
  expect(await server.client.run(unknown)).toEqual({ prediction: null });
});

const forward = `
  models(first: 1000) { totalCount edges { node { id } } }
  studies(first: 1000) { totalCount edges { node { id } } }
  predictions(first: 1000) { totalCount edges { node { id } } }`;
interface Forward {
  readonly models: Edges<Id>;
  readonly studies: Edges<Id>;
  readonly predictions: Edges<Id>;
}

describe('forward', () => {
  /** All that some vectors led to, by the plainest code there is. */
  const madeOf = (some: readonly StoredVector[]) => {
    const wanted = models.filter(({ modalities, study_id }) =>
      some.some(({ modality, reader }) => modalities.includes(modality) && (reader === 'r1' || study_id)),
    );
    return {
      models: idsOf(wanted),
      studies: wanted.some(({ study_id }) => study_id) ? [studyId] : [],
      predictions: idsOf(
        predictions.filter((each) => vectorsOf(each).some(({ id }) => some.some((one) => one.id === id))),
      ),
    };
  };
  const shown = (found: Forward) => {
    for (const list of [found.models, found.studies, found.predictions])
      expect(list.totalCount).toBe(list.edges.length);
    return {
      models: idsOf(nodesOf(found.models)),
      studies: idsOf(nodesOf(found.studies)),
      predictions: idsOf(nodesOf(found.predictions)),
    };
  };

  test.each(['featureVector', 'roi', 'scan'])('from a %s', async (noun) => {
    const keyOf = (vector: StoredVector) =>
      noun === 'scan' ? vector.scan_id : noun === 'roi' ? vector.roi_id : vector.id;
    const some = [
      vectors.find(({ modality, reader }) => modality === 'CT' && reader === 'r1')!,
      vectors.find(({ modality, reader }) => modality === 'MR' && reader === 'r1')!,
      vectors.find(({ reader }) => reader === 'r2')!,
    ];
    for (const vector of some) {
      const found = await server.client.run<Record<string, Forward>>(
        `query ($id: ID!) { ${noun}(id: $id) { ${forward} } }`,
        { id: keyOf(vector) },
      );
      const expected = madeOf(vectors.filter((other) => keyOf(other) === keyOf(vector)));
      expect(shown(found[noun]!)).toEqual(expected);
      expect(expected.models.length).toBeGreaterThan(1);
    }
  });

  test('from a file, page by page', async () => {
    const expected = madeOf(vectors);
    const found: string[] = [];
    let counted: Forward | undefined;
    for (let after: string | undefined; ; ) {
      const { objects } = await server.client.run<{ objects: Forward[] }>(
        `query ($after: String) { objects(sha256: ["${'cd'.repeat(32)}"]) {
          models(first: 1000) { totalCount edges { node { id } } } studies { totalCount edges { node { id } } }
          predictions(first: 37, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { node { id } } } } }`,
        { after },
      );
      counted = objects[0]!;
      found.push(...idsOf(nodesOf(counted.predictions)));
      if (!counted.predictions.pageInfo.hasNextPage) break;
      after = counted.predictions.pageInfo.endCursor;
    }
    expect(found).toEqual(expected.predictions);
    expect(counted.predictions.totalCount).toBe(expected.predictions.length);
    expect(idsOf(nodesOf(counted.models))).toEqual(expected.models);
    expect(counted.studies.totalCount).toBe(1);
  });

  test('to nothing, where nothing was made', async () => {
    const other = await cohortOfStudy(server, 'unused', studyFixture(4, 60, 10));
    const [{ id }] = (await sql<Id>(
      'select scan.id from scan join patient on patient.id = patient_id where cohort_id = $1 limit 1',
      [other.cohortId],
    )) as [Id];
    const examples = new ExampleOperations(server);
    const { scan } = await examples.answer<{ scan: Forward }>('ScanLineage', { id });
    expect(shown(scan)).toEqual({ models: [], studies: [], predictions: [] });
  });
});

test('models that were there before get their inputs and versions when the database is migrated', async () => {
  const read = () =>
    sql(
      'select model_id, feature_vector_id from model_input where not is_second_reading order by model_id, feature_vector_id',
    );
  const before = await read();
  expect(before.length).toBeGreaterThan(300);
  const runner = server.nomograph.platform.dataSource.createQueryRunner();
  const migration = new ModelInputs1795447800000();
  await migration.down(runner);
  await migration.up(runner);
  await runner.release();
  expect(await read()).toEqual(before);
  expect(
    await sql('select distinct versions is null as without from model where study_id is not null'),
  ).toEqual([{ without: false }]);
});
