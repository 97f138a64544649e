import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Issuer } from '../support/issuer.ts';
import { niftiBytes } from '../support/nifti-bytes.ts';
import type { TestServer } from '../support/server.ts';
import { type SitedCohort, sitedProfile } from '../support/sited-cohort.ts';
import { bearer, codes, type SitedServer, startSitedServer, unknown } from '../support/sited-server.ts';
import { sha256, tus, uploadMetadata } from '../support/tus.ts';

let issuer: Issuer;
let server: TestServer;
let alpha: SitedCohort;
let beta: SitedCohort;
let as: SitedServer['as'];
let stop: SitedServer['stop'];
beforeAll(async () => {
  ({ issuer, server, alpha, beta, as, stop } = await startSitedServer());
});
afterAll(() => stop());

describe('what somebody may not see', () => {
  const nouns = {
    patient: (cohort: SitedCohort, site: string) => cohort.patients[site]!.patient,
    scan: (cohort: SitedCohort, site: string) => cohort.patients[site]!.scan,
    roi: (cohort: SitedCohort, site: string) => cohort.patients[site]!.roi,
    featureVector: (cohort: SitedCohort, site: string) => cohort.patients[site]!.vector,
    model: (cohort: SitedCohort) => cohort.model,
    study: (cohort: SitedCohort) => cohort.study,
    job: (cohort: SitedCohort) => cohort.job,
  };
  const find = async (who: string[], noun: keyof typeof nouns, id: string) =>
    as(who, `query ($id: ID!) { found: ${noun}(id: $id) { id } }`, { id });

  test.each(Object.keys(nouns) as (keyof typeof nouns)[])('is no %s, like an unknown one', async (noun) => {
    const visible = (who: string[], cohort: SitedCohort, site: string) =>
      find(who, noun, nouns[noun](cohort, site)).then((body) => {
        expect(body.errors).toBeUndefined();
        return (body.data as { found: object | null }).found !== null;
      });
    const [ofPatient, ofReader] = [
      ['patient', 'scan', 'roi', 'featureVector'].includes(noun),
      ['model', 'study'].includes(noun),
    ];
    expect(await visible(['analyst:alpha'], alpha, 'north')).toBe(true);
    expect(await visible(['analyst:alpha'], alpha, 'none')).toBe(true);
    expect(await visible(['analyst:alpha'], beta, 'north')).toBe(false);
    expect(await visible(['reader:alpha'], alpha, 'north')).toBe(ofReader);
    expect(await visible(['analyst:alpha:north'], alpha, 'north')).toBe(ofPatient || ofReader);
    expect(await visible(['analyst:alpha:south'], alpha, 'north')).toBe(ofReader);
    expect(await visible(['analyst:*:north'], beta, 'north')).toBe(ofPatient || ofReader);
    expect(await visible(['analyst:alpha:north', 'reader:*'], alpha, 'none')).toBe(ofReader);
    expect((await find(['admin:beta'], noun, nouns[noun](alpha, 'north'))).data).toEqual(
      (await find(['admin:beta'], noun, unknown)).data,
    );
  });

  test('is in no list and no count', async () => {
    const query = `query ($profile: ID!) { cohorts(first: 10) { totalCount edges { node { key patientCount endpoints
      patients { totalCount edges { node { subjectKey } } } featureVectors(profileId: $profile) { totalCount edges { node { id } } }
      models { totalCount } studies { totalCount } jobs { totalCount edges { node { id } } } } } } }`;
    const { extractionProfile } = await server.client.run<{ extractionProfile: { id: string } }>(
      `{ extractionProfile(name: "${sitedProfile}") { id } }`,
    );
    const body = await as(['analyst:alpha:south'], query, { profile: extractionProfile.id });
    expect(body).toEqual({
      data: {
        cohorts: {
          totalCount: 1,
          edges: [
            {
              node: {
                key: 'alpha',
                patientCount: 1,
                endpoints: ['OS of alpha-south'],
                patients: { totalCount: 1, edges: [{ node: { subjectKey: 'alpha-south' } }] },
                featureVectors: { totalCount: 1, edges: [{ node: { id: alpha.patients.south!.vector } }] },
                models: { totalCount: 1 },
                studies: { totalCount: 1 },
                jobs: { totalCount: 0, edges: [] },
              },
            },
          ],
        },
      },
    });
  });

  test('cannot be worked on, like what is not there; what can be seen is FORBIDDEN', async () => {
    const mutations: [query: string, variables: (of: SitedCohort, site: string) => object][] = [
      [
        'mutation ($id: ID!) { addPatients(cohortId: $id, patients: [{ subjectKey: "x", site: "south" }]) { id } }',
        ({ id }) => ({ id }),
      ],
      ['mutation ($id: ID!) { extractFeatures(input: { cohortId: $id }) { id } }', ({ id }) => ({ id })],
      [
        'mutation ($id: ID!) { fitCoxModel(input: { cohortId: $id, endpoint: "OS", covariates: ["x"] }) { id } }',
        ({ id }) => ({ id }),
      ],
      ['mutation ($id: ID!) { runStudy(id: $id) { id } }', ({ study }) => ({ id: study })],
      ['mutation ($id: ID!) { createStudyReport(id: $id) { path } }', ({ study }) => ({ id: study })],
    ];
    const rows: typeof mutations = [
      ['mutation ($id: ID!) { cancelJob(jobId: $id) { id } }', ({ job }) => ({ id: job })],
      [
        `mutation ($id: ID!) { addScans(scans: [{ patientId: $id, modality: "MR", imageSha256: "${'e'.repeat(64)}" }]) { id } }`,
        ({ patients }, site) => ({ id: patients[site]!.patient }),
      ],
      [
        `mutation ($id: ID!) { addRois(rois: [{ scanId: $id, reader: "x", maskSha256: "${'e'.repeat(64)}" }]) { id } }`,
        ({ patients }, site) => ({ id: patients[site]!.scan }),
      ],
    ];
    for (const [query, variables] of [...mutations, ...rows]) {
      const { id } = variables(beta, 'north') as { id: string };
      // CURATOR of another cohort: may do it somewhere, but sees nothing here.
      const [hidden, absent] = [
        await as(['curator:alpha'], query, { id }),
        await as(['curator:alpha'], query, { id: unknown }),
      ];
      expect(codes(hidden), query).toEqual(['NOT_FOUND']);
      expect(JSON.stringify(hidden).replaceAll(id, '')).toBe(JSON.stringify(absent).replaceAll(unknown, ''));
      expect(codes(await as(['reader:*'], query, { id })), query).toEqual(['FORBIDDEN']);
    }
    for (const [query, variables] of mutations)
      expect(
        codes(await as(['curator:alpha:north', 'reader:*'], query, variables(alpha, 'north'))),
        query,
      ).toEqual(['FORBIDDEN']);
    for (const [query, variables] of rows.slice(1)) {
      expect(codes(await as(['curator:alpha:north'], query, variables(alpha, 'south'))), query).toEqual([
        'NOT_FOUND',
      ]);
      expect(
        codes(await as(['curator:alpha:north', 'analyst:alpha'], query, variables(alpha, 'south'))),
        query,
      ).toEqual(['FORBIDDEN']);
    }
    expect(
      codes(await as(['curator:alpha'], 'mutation { createCohort(input: { key: "gamma" }) { id } }')),
    ).toEqual(['FORBIDDEN']);
    expect(
      codes(
        await as(['curator:gamma'], 'mutation { createCohort(input: { key: "gamma" }) { id patientCount } }'),
      ),
    ).toEqual([]);
  });

  test('cannot be exported, and no report of it be fetched', async () => {
    const get = async (who: string[], path: string) => {
      const response = await fetch(`${server.url}${path}`, { headers: bearer(await issuer.token(who)) });
      return [response.status, await response.text()] as const;
    };
    const path = `/export/alpha/${encodeURIComponent(sitedProfile)}.csv`;
    const subjects = (text: string) => [...text.matchAll(/alpha-\w+/g)].map(([found]) => found).sort();
    expect(subjects((await get(['analyst:alpha'], path))[1])).toEqual([
      'alpha-none',
      'alpha-north',
      'alpha-south',
    ]);
    expect(subjects((await get(['analyst:alpha:south'], path))[1])).toEqual(['alpha-south']);
    expect((await get(['reader:alpha'], path))[0]).toBe(403);
    const [hidden, absent] = [
      await get(['analyst:beta'], path),
      await get(['analyst:beta'], path.replace('alpha', 'omega')),
    ];
    expect(hidden[0]).toBe(404);
    expect(hidden[1].replaceAll('alpha', '')).toBe(absent[1].replaceAll('omega', ''));
    expect((await get(['analyst:alpha'], alpha.reportFile))[1]).toBe('the report of alpha');
    expect((await get(['analyst:alpha:south'], alpha.reportFile))[0]).toBe(403);
    expect((await get(['analyst:beta'], alpha.reportFile))[0]).toBe(404);
    const nothing = alpha.reportFile.replace('index', 'nothing');
    expect((await get(['analyst:beta'], nothing))[1]).toBe(
      (await get(['analyst:beta'], alpha.reportFile))[1],
    );
  });

  test('is predicted for nobody, nor named by a comparison', async () => {
    const query =
      'query ($m: ID!, $p: ID!) { predict(modelId: $m, patient: { patientId: $p }) { __typename } }';
    const ids = { m: alpha.model, p: alpha.patients.north!.patient };
    expect(codes(await as(['analyst:alpha:south'], query, ids))).toEqual(['NOT_FOUND']);
    const compare = 'query ($ids: [ID!]!) { compareStudies(ids: $ids) { differences { field values } } }';
    const both = { ids: [alpha.study, beta.study] };
    expect(codes(await as(['analyst:alpha'], compare, both))).toEqual(['NOT_FOUND']);
    expect(codes(await as(['analyst:alpha', 'reader:beta'], compare, both))).toEqual(['FORBIDDEN']);
    expect(codes(await as(['analyst:*'], compare, both))).toEqual([]);
  });
});

describe('an upload', () => {
  const bytes = niftiBytes();
  const begin = {
    'upload-length': String(bytes.length),
    'upload-metadata': uploadMetadata({ filename: 'a.nii', principal: 'user:b' }),
  };

  test('is of who makes it, unfinished and finished', async () => {
    const [a, b] = await Promise.all(
      ['a', 'b'].map(async (sub) => bearer(await issuer.token(['curator:alpha'], { sub }))),
    );
    const { location } = await tus(server, 'POST', '/uploads', { ...begin, ...a });
    const nothing = `/uploads/${'0'.repeat(32)}`;
    const patch = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' };
    for (const [method, headers] of [
      ['HEAD', {}],
      ['PATCH', patch],
      ['DELETE', {}],
    ] as const) {
      const body = method === 'PATCH' ? bytes : undefined;
      const [others, absent] = [
        await tus(server, method, location!, { ...headers, ...b }, body),
        await tus(server, method, nothing, { ...headers, ...b }, body),
      ];
      expect(others.status).toBe(404);
      expect({ ...others, location: null }).toEqual({ ...absent, location: null });
    }
    expect((await tus(server, 'PATCH', location!, { ...patch, ...a }, bytes)).status).toBe(200);
    const objects = async (headers: Record<string, string>) => {
      const query = 'query ($sha256: [String!]!) { objects(sha256: $sha256) { sha256 } }';
      const { body } = await server.post({ query, variables: { sha256: [sha256(bytes)] } }, headers);
      return (body.data as { objects: object[] }).objects.length;
    };
    expect([await objects(a!), await objects(b!)]).toEqual([1, 0]);
    const add = {
      query: 'mutation ($scans: [ScanInput!]!) { addScans(scans: $scans) { id } }',
      variables: {
        scans: [{ patientId: alpha.patients.north!.patient, modality: 'MR', imageSha256: sha256(bytes) }],
      },
    };
    expect(codes((await server.post(add, b)).body)).toEqual(['NOT_FOUND']);
    expect(codes((await server.post(add, a)).body)).toEqual([]);
    // Now it belongs to a patient whose data B curates.
    expect(await objects(b!)).toBe(1);
  });
});
