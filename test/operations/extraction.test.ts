import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readNifti } from '../../src/engine/imaging/nifti.ts';
import { extractorVersion } from '../../src/engine/radiomics/index.ts';
import { inflate } from '../../src/store/image-file.ts';
import { cohortOfScans, cohortWithPatients, type ScanFiles } from '../support/cohort-of-scans.ts';
import { eventsOf, startExtraction } from '../support/job-events.ts';
import { extract } from '../support/radiomics-cases.ts';
import { TestServer } from '../support/server.ts';
import { imageFile, maskFile } from '../support/volumes.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.stop());

const patient = (subject: string, seed: number, ...readers: string[]): ScanFiles => ({
  subject,
  image: imageFile(seed),
  masks: readers.map((reader, index) => ({ reader, bytes: maskFile(1, {}, 1 + index) })),
});

const vectors = /* GraphQL */ `
  query ($key: String!, $profileId: ID!, $filter: RoiFilter, $names: [String!], $first: Int, $after: String) {
    cohort(key: $key) {
      featureVectors(profileId: $profileId, filter: $filter, first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges {
          node {
            id contentKey extractorVersion values(names: $names) diagnostics warnings { code message subject }
            patient { subjectKey } roi { id reader } profile { id name }
          }
        }
      }
    }
  }
`;

interface Vectors {
  readonly cohort: {
    readonly featureVectors: {
      readonly totalCount: number;
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
      readonly edges: readonly { readonly node: VectorNode }[];
    };
  };
}

interface VectorNode {
  readonly id: string;
  readonly contentKey: string;
  readonly values: (number | null)[];
  readonly patient: { readonly subjectKey: string };
  readonly roi: { readonly id: string; readonly reader: string };
  readonly [field: string]: unknown;
}

async function profileId(name = 'pyradiomics-default'): Promise<string> {
  const { extractionProfile } = await server.client.run<{ extractionProfile: { id: string } }>(
    'query ($name: String!) { extractionProfile(name: $name) { id } }',
    { name },
  );
  return extractionProfile.id;
}

async function vectorsOf(key: string, more: object = {}) {
  const { cohort } = await server.client.run<Vectors>(vectors, {
    key,
    profileId: await profileId(),
    ...more,
  });
  return cohort.featureVectors;
}

function direct(image: Uint8Array, mask: Uint8Array, parameters: object = {}): number[] {
  const read = (bytes: Uint8Array) => readNifti(bytes, { inflate });
  return [...extract({ image: read(image), mask: read(mask) }, parameters).values];
}

describe('extractFeatures', () => {
  test('gives each region the vector that the engine gives, told as it goes', async () => {
    const files = [patient('a', 1, 'r1', 'r2'), patient('b', 2, 'r1')];
    const { cohortId, roiIds } = await cohortOfScans(server, 'direct', files);
    const jobId = await startExtraction(server, cohortId);
    const events = await eventsOf(server, jobId);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_event, index) => index + 1));
    expect(events.slice(0, 3)).toMatchObject([
      { __typename: 'JobQueued', jobId, place: 1 },
      { __typename: 'JobStarted', attempt: 1 },
      { __typename: 'JobProgress', stage: 'EXTRACTION', done: 0, total: 3 },
    ]);
    expect(events.at(-1)).toMatchObject({
      __typename: 'ExtractionCompleted',
      extracted: 3,
      known: 0,
      failed: 0,
    });
    const extracted = events.filter(({ __typename }) => __typename === 'RoiExtracted');
    expect(extracted.map(({ roiId }) => roiId).sort()).toEqual([...roiIds].sort());
    const progress = events
      .filter(({ __typename }) => __typename === 'JobProgress')
      .map(({ done }) => done as number);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(3);

    const { edges, totalCount } = await vectorsOf('direct');
    expect(totalCount).toBe(3);
    expect(edges.map(({ node }) => node.id).sort()).toEqual(
      extracted.map(({ featureVectorId }) => featureVectorId).sort(),
    );
    const nodes = new Map(edges.map(({ node }) => [`${node.patient.subjectKey} ${node.roi.reader}`, node]));
    for (const { subject, image, masks } of files)
      for (const { reader, bytes } of masks) {
        const node = nodes.get(`${subject} ${reader}`);
        expect(node?.values).toEqual(direct(image, bytes));
        expect(node).toMatchObject({
          extractorVersion,
          warnings: [],
          profile: { name: 'pyradiomics-default' },
        });
        expect(Object.keys(node?.diagnostics as object)).toContain('diagnostics_Mask-original_VoxelNum');
      }
    const { job } = await server.client.run<{ job: object }>(
      'query ($id: ID!) { job(id: $id) { kind state specification lastSequence failure { code } createdAt startedAt finishedAt cohort { id } model { id } } }',
      { id: jobId },
    );
    expect(job).toMatchObject({
      kind: 'EXTRACTION',
      state: 'COMPLETED',
      specification: { profileId: await profileId() },
      lastSequence: events.length,
      failure: null,
      cohort: { id: cohortId },
      model: null,
    });
  });

  test('gives single features by name, in the order asked for, page by page', async () => {
    const names = ['original_glcm_Idm', 'original_shape_MeshVolume', 'original_glcm_Idm'];
    const all = (await vectorsOf('direct')).edges.map(({ node }) => node);
    const { extractionProfile } = await server.client.run<{ extractionProfile: { featureNames: string[] } }>(
      '{ extractionProfile(name: "pyradiomics-default") { featureNames } }',
    );
    const places = names.map((name) => extractionProfile.featureNames.indexOf(name));
    const paged: VectorNode[] = [];
    for (let after: string | null = null; ; ) {
      const page = await vectorsOf('direct', { names, first: 1, after });
      expect(page.totalCount).toBe(3);
      paged.push(...page.edges.map(({ node }) => node));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(paged.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    expect(paged.map(({ values }) => values)).toEqual(
      all.map(({ values }) => places.map((place) => values[place])),
    );
    const [one] = paged;
    expect(
      await server.client.run('query ($id: ID!) { featureVector(id: $id) { contentKey } }', { id: one.id }),
    ).toEqual({
      featureVector: { contentKey: one.contentKey },
    });
    const errors = await server.errorsOf(vectors, {
      key: 'direct',
      profileId: await profileId(),
      names: ['no_such'],
    });
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['NOT_FOUND']));
    expect(errors[0].extensions.details).toMatchObject({ feature: 'no_such' });
    const filtered = await vectorsOf('direct', {
      filter: { reader: 'r2', modality: 'CT', phase: 'ARTERIAL' },
    });
    expect(filtered).toMatchObject({ totalCount: 1, edges: [{ node: { roi: { reader: 'r2' } } }] });
  });

  test('computes nothing twice: neither again, nor for the same content elsewhere', async () => {
    const { cohort } = await server.client.run<{ cohort: { id: string } }>(
      '{ cohort(key: "direct") { id } }',
    );
    const again = await eventsOf(server, await startExtraction(server, cohort.id));
    expect(again.map(({ __typename }) => __typename)).not.toContain('RoiExtracted');
    expect(again.at(-1)).toMatchObject({
      __typename: 'ExtractionCompleted',
      extracted: 0,
      known: 3,
      failed: 0,
    });

    const files = [
      patient('x', 1, 'other'),
      patient('y', 1, 'other'),
      patient('z', 3, 'other'),
      patient('u', 3, 'other'),
    ];
    const { cohortId } = await cohortOfScans(server, 'same-content', files);
    const events = await eventsOf(server, await startExtraction(server, cohortId));
    expect(events.at(-1)).toMatchObject({ extracted: 1, known: 3, failed: 0 });
    const reused = events
      .filter(({ __typename }) => __typename === 'RoiExtracted')
      .map(({ reused }) => reused);
    expect(reused.filter(Boolean)).toHaveLength(3);
    // Regions end in any order: the two whose content the first cohort has, too, are found by their keys.
    const before = (await vectorsOf('direct')).edges.map(({ node }) => node);
    const shared = (await vectorsOf('same-content')).edges.flatMap(({ node }) => {
      const same = before.find(({ contentKey }) => contentKey === node.contentKey);
      return same ? [{ node, same }] : [];
    });
    expect(shared).toHaveLength(2);
    for (const { node, same } of shared) {
      expect(same).toMatchObject({ values: node.values, diagnostics: node.diagnostics });
    }
  });

  test('takes what the filter says, and other regions later', async () => {
    const { cohortId } = await cohortOfScans(server, 'filtered', [patient('a', 5, 'r1', 'r2')]);
    const first = await eventsOf(
      server,
      await startExtraction(server, cohortId, { filter: { reader: 'r2', phase: null } }),
    );
    expect(first.at(-1)).toMatchObject({ extracted: 1 });
    const second = await eventsOf(server, await startExtraction(server, cohortId));
    expect(second.at(-1)).toMatchObject({ extracted: 1, known: 1 });
    const none = await eventsOf(
      server,
      await startExtraction(server, cohortId, { filter: { reader: 'nobody' } }),
    );
    expect(none.at(-1)).toMatchObject({ __typename: 'JobFailed', failure: { code: 'NOT_FOUND' } });
  });

  test('says which region fails and why, and goes on with the others', async () => {
    const files = [
      { ...patient('a', 6, 'r1'), masks: [{ reader: 'r1', bytes: maskFile() }] },
      { ...patient('b', 7, 'r1'), masks: [{ reader: 'one-voxel', bytes: oneVoxel() }] },
      patient('c', 8, 'r1'),
    ];
    const { cohortId, roiIds } = await cohortOfScans(server, 'failing', files);
    // A stored file that is no longer what its hash says.
    const { dataSource, objects } = server.nomograph.platform;
    const [{ image_sha256 }] = await dataSource.query(
      'select image_sha256 from scan join roi on roi.scan_id = scan.id where roi.id = $1',
      [roiIds[2]],
    );
    await writeFile(objects.path(image_sha256), imageFile(99));
    const jobId = await startExtraction(server, cohortId);
    const events = await eventsOf(server, jobId);
    expect(events.at(-1)).toMatchObject({
      __typename: 'ExtractionCompleted',
      extracted: 1,
      known: 0,
      failed: 2,
    });
    const failures = new Map(
      events
        .filter(({ __typename }) => __typename === 'RoiFailed')
        .map(({ roiId, failure }) => [roiId, failure]),
    );
    expect(failures.get(roiIds[1])).toMatchObject({ code: 'ROI_TOO_SMALL' });
    expect(failures.get(roiIds[2])).toMatchObject({
      code: 'OBJECT_CORRUPT',
      details: { sha256: image_sha256 },
    });
    expect((await vectorsOf('failing')).totalCount).toBe(1);
    await writeFile(objects.path(image_sha256), imageFile(8));
    expect((await eventsOf(server, await startExtraction(server, cohortId))).at(-1)).toMatchObject({
      extracted: 1,
      known: 1,
      failed: 1,
    });
  });

  test('refuses what is not there, and a profile that cannot extract', async () => {
    const { cohortId } = await cohortWithPatients(server, 'empty', ['a']);
    const query = 'mutation ($input: ExtractFeaturesInput!) { extractFeatures(input: $input) { id } }';
    const errorFor = async (input: object) => (await server.errorsOf(query, { input }))[0].extensions;
    expect(await errorFor({ cohortId: '01900000-0000-7000-8000-000000000000' })).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await errorFor({ cohortId, profile: 'nothing' })).toMatchObject({
      code: 'NOT_FOUND',
      details: { profile: 'nothing' },
    });
    const events = await eventsOf(server, await startExtraction(server, cohortId));
    expect(events.at(-1)).toMatchObject({ __typename: 'JobFailed', failure: { code: 'NOT_FOUND' } });
    const { cohort } = await server.client.run<{ cohort: { jobs: object } }>(
      '{ cohort(key: "empty") { jobs { totalCount edges { node { state failure { code message details } } } } } }',
    );
    expect(cohort.jobs).toMatchObject({
      totalCount: 1,
      edges: [{ node: { state: 'FAILED', failure: { code: 'NOT_FOUND' } } }],
    });
  });
});

describe('createExtractionProfile', () => {
  const create =
    'mutation ($input: CreateExtractionProfileInput!) { createExtractionProfile(input: $input) { id name parameters featureNames } }';
  // In no order that a database would keep of itself.
  const parameters = {
    setting: { binWidth: 10 },
    featureClass: { firstorder: ['Mean', 'Energy'], shape: ['MeshVolume'], glcm: ['Idm'] },
  };

  test('keeps settings under a name for good, and extracts by them', async () => {
    const input = { name: 'two', parameters };
    const first = await server.client.run<{
      createExtractionProfile: { id: string; featureNames: string[] };
    }>(create, { input });
    expect(first.createExtractionProfile.featureNames).toEqual([
      'original_shape_MeshVolume',
      'original_firstorder_Mean',
      'original_firstorder_Energy',
      'original_glcm_Idm',
    ]);
    const answers = await Promise.all(Array.from({ length: 5 }, () => server.client.run(create, { input })));
    for (const answer of answers) expect(answer).toEqual(first);
    const [error] = await server.errorsOf(create, {
      input: { name: 'two', parameters: { setting: { binWidth: 11 } } },
    });
    expect(error.extensions).toMatchObject({ code: 'CONFLICT', details: { profile: 'two' } });

    const file = patient('a', 11, 'r');
    const { cohortId } = await cohortOfScans(server, 'two', [file]);
    await eventsOf(server, await startExtraction(server, cohortId, { profile: 'two' }));
    const { edges } = await vectorsOf('two', { profileId: await profileId('two') });
    expect(edges.map(({ node }) => node.values)).toEqual([
      direct(file.image, file.masks[0].bytes, parameters),
    ]);
    expect((await vectorsOf('two')).totalCount).toBe(0);

    // The same settings in another order are another profile, whose vectors are not those of the first.
    const { glcm, shape, firstorder } = parameters.featureClass;
    const reordered = { ...parameters, featureClass: { glcm, firstorder, shape } };
    await server.client.run(create, { input: { name: 'reordered', parameters: reordered } });
    await eventsOf(server, await startExtraction(server, cohortId, { profile: 'reordered' }));
    const others = await vectorsOf('two', { profileId: await profileId('reordered') });
    expect(others.edges.map(({ node }) => node.values)).toEqual([
      direct(file.image, file.masks[0].bytes, reordered),
    ]);
  });

  test.each<[string, object, string]>([
    ['an unknown setting', { name: 'bad', parameters: { setting: { binWdth: 10 } } }, 'PROFILE_INVALID'],
    ['a value out of range', { name: 'bad', parameters: { setting: { binWidth: -1 } } }, 'PROFILE_INVALID'],
    [
      'an unknown feature',
      { name: 'bad', parameters: { featureClass: { glcm: ['Nothing'] } } },
      'PROFILE_INVALID',
    ],
    ['an empty name', { name: '', parameters: {} }, 'INPUT_INVALID'],
    ['a NUL in the settings', { name: 'bad', parameters: { setting: { 'a\0': 1 } } }, 'PROFILE_INVALID'],
    ['a list for settings', { name: 'bad', parameters: [1] }, 'BAD_USER_INPUT'],
  ])('refuses %s', async (_what, input, code) => {
    const errors = await server.errorsOf(create, { input });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual([code]);
    expect(await server.client.run('{ extractionProfile(name: "bad") { id } }')).toEqual({
      extractionProfile: null,
    });
  });

  test('the profiles that come with the program are there', async () => {
    const { extractionProfiles } = await server.client.run<{
      extractionProfiles: { edges: { node: { name: string } }[] };
    }>('{ extractionProfiles { totalCount edges { node { name createdAt } } } }');
    expect(extractionProfiles.edges.map(({ node }) => node.name)).toContain('pyradiomics-default');
  });
});

function oneVoxel(): Uint8Array {
  const bytes = maskFile(1, {}, 99);
  bytes[bytes.length - 600] = 1;
  return bytes;
}
