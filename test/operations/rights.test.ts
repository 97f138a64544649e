import { createHash, createHmac } from 'node:crypto';
import { Writable } from 'node:stream';
import { exportSPKI, generateKeyPair } from 'jose';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Authenticator } from '../../src/api/rights/authenticator.ts';
import { readConfig } from '../../src/config.ts';
import { failureOf } from '../support/failure-of.ts';
import { audience, Issuer } from '../support/issuer.ts';
import { niftiBytes } from '../support/nifti-bytes.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { type GraphBody, TestServer } from '../support/server.ts';
import { type SitedCohort, sitedCohort, sitedProfile } from '../support/sited-cohort.ts';
import { sha256, tus, uploadMetadata } from '../support/tus.ts';

let issuer: Issuer;
let server: TestServer;
let alpha: SitedCohort;
let beta: SitedCohort;
beforeAll(async () => {
  issuer = await Issuer.start();
  // Nobody works on jobs: they wait, and so does who follows them.
  server = await TestServer.start({ oidc: issuer.settings, role: 'api', adminKey: 'k'.repeat(40) });
  alpha = await sitedCohort(server, 'alpha', ['north', 'south', 'none']);
  beta = await sitedCohort(server, 'beta', ['north']);
});
afterAll(async () => {
  await server.stop();
  await issuer.stop();
});

const unknown = '01900000-0000-7000-8000-000000000000';
const anyQuery = '{ viewer { id kind grants { role cohortKey site } } }';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function ask(token: string, query: string, variables: object = {}): Promise<GraphBody> {
  return (await server.post({ query, variables }, bearer(token))).body;
}
async function as(grants: readonly string[], query: string, variables: object = {}): Promise<GraphBody> {
  return ask(await issuer.token(grants), query, variables);
}
const codes = ({ errors = [] }: GraphBody) => errors.map(({ extensions }) => extensions.code);

/** A token put together by hand, for what no library would sign. */
const assemble = (header: object, payload: object, sign: (text: string) => string) => {
  const [head, body] = [header, payload].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return `${head}.${body}.${sign(`${head}.${body}`)}`;
};
const now = () => Math.floor(Date.now() / 1000);
const claims = () => ({
  iss: issuer.url,
  aud: audience,
  sub: 'somebody',
  exp: now() + 600,
  nomograph: ['admin:*'],
});

const badTokens: Record<string, () => Promise<string> | string> = {
  'signed by another key': async () =>
    issuer.token(['admin:*'], { signedBy: (await generateKeyPair('RS256')).privateKey }),
  expired: () => issuer.token(['admin:*'], { exp: now() - 1 }),
  'expired long ago': () => issuer.token(['admin:*'], { exp: now() - 6000 }),
  'not yet valid': () => issuer.token(['admin:*'], { nbf: now() + 60 }),
  'for another audience': () => issuer.token(['admin:*'], { aud: 'somebody-else' }),
  'for nobody': () => issuer.token(['admin:*'], { aud: undefined as never }),
  'of another issuer': () => issuer.token(['admin:*'], { iss: 'https://evil.example' }),
  'without an end': () => issuer.token(['admin:*'], { exp: undefined as never }),
  'without a subject': () => issuer.token(['admin:*'], { sub: undefined as never }),
  'of an unknown key': () => issuer.token(['admin:*'], { kid: 'another' }),
  'of algorithm none': () => assemble({ alg: 'none', typ: 'JWT' }, claims(), () => ''),
  'of algorithm none with a signature': () => assemble({ alg: 'none' }, claims(), () => 'c2lnbmVk'),
  'HS256 with the public key as its secret': async () => {
    const { publicKey, kid } = issuer.keys[0]!;
    const secret = await exportSPKI(publicKey);
    return assemble({ alg: 'HS256', kid }, claims(), (text) =>
      createHmac('sha256', secret).update(text).digest('base64url'),
    );
  },
  'with a changed payload': async () => {
    const [head, , signature] = (await issuer.token([])).split('.');
    return `${head}.${Buffer.from(JSON.stringify(claims())).toString('base64url')}.${signature}`;
  },
  'with a critical extension': async () => {
    const [, payload, signature] = (await issuer.token(['admin:*'])).split('.');
    const head = Buffer.from(JSON.stringify({ alg: 'RS256', crit: ['x'], x: 1 })).toString('base64url');
    return `${head}.${payload}.${signature}`;
  },
  'that carries its own key': async () => {
    const { privateKey } = await generateKeyPair('ES256');
    return issuer.token(['admin:*'], { algorithm: 'ES256', signedBy: privateKey, kid: 'mine' });
  },
  'of nothing': () => '..',
  'too long': () => `${'a'.repeat(10_000)}.${'b'.repeat(10_000)}.c`,
  'of an unknown API key': () => 'nmg_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
};

describe('a bad token', () => {
  test.each(Object.keys(badTokens))('%s is refused everywhere', async (name) => {
    const token = await badTokens[name]!();
    const socket = await RawSocket.open(server.url);
    socket.send({ type: 'connection_init', payload: bearer(token) });
    expect(await socket.closed).toMatchObject({ code: 4403 });
    if (token.length > 15_000) return; // Node refuses such a header itself.
    const answer = await server.post({ query: anyQuery }, bearer(token));
    expect([answer.status, codes(answer.body), answer.body.data]).toEqual([
      401,
      ['UNAUTHENTICATED'],
      undefined,
    ]);
    for (const path of [
      '/uploads',
      '/graphql/stream',
      `/export/alpha/${sitedProfile}.csv`,
      alpha.reportFile,
    ]) {
      const response = await fetch(`${server.url}${path}`, { headers: bearer(token) });
      expect([path, response.status]).toEqual([path, 401]);
    }
  });

  test('is logged by its fault, without a word of it', async () => {
    let lines = '';
    const log = pino(
      { level: 'trace' },
      new Writable({
        write: (line, _encoding, done) => {
          lines += line;
          done();
        },
      }),
    );
    const { dataSource } = server.nomograph.platform;
    const authenticator = new Authenticator(dataSource, log, {
      token: 'the-development-token',
      adminKey: undefined,
      metricsKey: undefined,
      oidc: issuer.settings,
    });
    for (const make of Object.values(badTokens)) {
      const token = await make();
      lines = '';
      expect(await authenticator.authenticate(token)).toBeNull();
      expect(lines).toContain('sign-in refused');
      for (const part of token.split('.')) if (part.length > 8) expect(lines).not.toContain(part);
      expect(lines).not.toContain('somebody');
    }
  });
});

describe('a good token', () => {
  test.each(['RS256', 'ES256', 'EdDSA'])(
    'by %s is who it says, with what its claim says',
    async (algorithm) => {
      const grants = [
        'analyst:alpha:north',
        'reader:*',
        'analyst',
        'analyst:',
        'owner:x',
        ':alpha',
        'admin::x',
      ];
      const token = await issuer.token(grants, { algorithm });
      expect(await ask(token, anyQuery)).toEqual({
        data: {
          viewer: {
            id: 'user:somebody',
            kind: 'TOKEN',
            grants: [
              { role: 'ANALYST', cohortKey: 'alpha', site: 'north' },
              { role: 'READER', cohortKey: null, site: null },
            ],
          },
        },
      });
    },
  );

  test('without grants may do nothing', async () => {
    expect(codes(await as([], '{ cohorts { totalCount } }'))).toEqual(['FORBIDDEN']);
    expect(codes(await as([], 'mutation { cancelJob(jobId: "x") { id } }'))).toEqual(['FORBIDDEN']);
  });

  test('makes the keys be fetched once', async () => {
    const asked = issuer.asked;
    for (let time = 0; time < 5; time++) await as(['reader:*'], anyQuery);
    expect(issuer.asked).toBe(asked);
  });

  test('is SERVICE_UNAVAILABLE while the keys cannot be had', async () => {
    const authenticator = new Authenticator(server.nomograph.platform.dataSource, pino({ level: 'silent' }), {
      token: undefined,
      adminKey: undefined,
      metricsKey: undefined,
      oidc: { ...issuer.settings, issuer: 'http://127.0.0.1:1' },
    });
    const token = await issuer.token(['admin:*']);
    await expect(authenticator.authenticate(token)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});

describe('an API key', () => {
  const create =
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret key { id prefix grants { role cohortKey site } } } }';
  interface Created {
    createApiKey: { secret: string; key: { id: string; prefix: string } };
  }

  test('is shown once, kept as a hash, limited to its grants, and gone when revoked', async () => {
    const input = { name: 'a registry', grants: [{ role: 'ANALYST', cohortKey: 'alpha', site: 'north' }] };
    const { createApiKey } = await server.client.run<Created>(create, { input });
    const { secret, key } = createApiKey;
    expect(secret.startsWith(key.prefix)).toBe(true);
    expect(secret).toMatch(/^nmg_[\w-]{43}$/);
    const { dataSource } = server.nomograph.platform;
    const kept = JSON.stringify(await dataSource.query('select * from api_key'));
    expect(kept).not.toContain(secret);
    expect(kept).toContain(createHash('sha256').update(secret).digest('hex'));
    const listed = await server.client.run('{ apiKeys { edges { node { id name prefix } } } }');
    expect(JSON.stringify(listed)).toContain(key.id);
    expect(JSON.stringify(listed)).not.toContain(secret);
    expect(
      await ask(secret, '{ cohorts { edges { node { key patients { edges { node { site } } } } } } }'),
    ).toEqual({
      data: {
        cohorts: {
          edges: [{ node: { key: 'alpha', patients: { edges: [{ node: { site: 'north' } }] } } }],
        },
      },
    });
    expect(codes(await ask(secret, create, { input }))).toEqual(['FORBIDDEN']);
    await server.client.run('mutation ($id: ID!) { revokeApiKey(id: $id) { revokedAt } }', { id: key.id });
    expect((await server.post({ query: anyQuery }, bearer(secret))).status).toBe(401);
  });

  test('ends when it says', async () => {
    const grants = [{ role: 'READER' }];
    const past = { name: 'a', grants, expiresAt: new Date(Date.now() - 1).toISOString() };
    expect(codes(await ask(server.token, create, { input: past }))).toEqual(['INPUT_INVALID']);
    const soon = { name: 'a', grants, expiresAt: new Date(Date.now() + 300).toISOString() };
    const { createApiKey } = await server.client.run<Created>(create, { input: soon });
    const socket = await RawSocket.signedIn({ url: server.url, token: createApiKey.secret });
    expect(await socket.closed).toMatchObject({ code: 4403 });
    expect((await server.post({ query: anyQuery }, bearer(createApiKey.secret))).status).toBe(401);
  });

  test('is administered by who administers all of it', async () => {
    const grant = (cohortKey: string | null, site: string | null = null) => [
      { role: 'READER', cohortKey, site },
    ];
    const make = async (who: string[], grants: object[]) =>
      codes(await as(who, create, { input: { name: 'scoped', grants } }));
    expect(await make(['admin:alpha'], grant('alpha'))).toEqual([]);
    expect(await make(['admin:alpha'], grant('alpha', 'north'))).toEqual([]);
    expect(await make(['admin:alpha'], grant('beta'))).toEqual(['FORBIDDEN']);
    expect(await make(['admin:alpha'], grant(null))).toEqual(['FORBIDDEN']);
    expect(await make(['admin:alpha:north'], grant('alpha'))).toEqual(['FORBIDDEN']);
    expect(await make(['admin:alpha'], [...grant('alpha'), ...grant('beta')])).toEqual(['FORBIDDEN']);
    expect(await make(['curator:*'], grant('alpha'))).toEqual(['FORBIDDEN']);
    const list =
      '{ apiKeys { totalCount edges { node { id grants { cohortKey } } } } grants { edges { node { cohortKey } } } }';
    const own = (await as(['admin:alpha'], list)).data as never as {
      apiKeys: { totalCount: number; edges: { node: { id: string; grants: { cohortKey: string }[] } }[] };
      grants: { edges: { node: { cohortKey: string } }[] };
    };
    expect(own.apiKeys.totalCount).toBe(own.apiKeys.edges.length);
    const seen = own.apiKeys.edges.flatMap(({ node }) => node.grants.map(({ cohortKey }) => cohortKey));
    expect(new Set([...seen, ...own.grants.edges.map(({ node }) => node.cohortKey)])).toEqual(
      new Set(['alpha']),
    );
    const revoke = 'mutation ($id: ID!) { revokeApiKey(id: $id) { id } }';
    const { id } = own.apiKeys.edges[0]!.node;
    const [others, nobodys] = [
      await as(['admin:beta'], revoke, { id }),
      await as(['admin:beta'], revoke, { id: unknown }),
    ];
    expect(codes(others)).toEqual(['NOT_FOUND']);
    expect(JSON.stringify(others).replaceAll(id, '')).toBe(JSON.stringify(nobodys).replaceAll(unknown, ''));
    expect(codes(await as(['admin:alpha'], revoke, { id }))).toEqual([]);
  });

  test('of the settings may do everything', async () => {
    expect(await ask('k'.repeat(40), '{ viewer { id kind } cohorts { totalCount } }')).toEqual({
      data: { viewer: { id: 'key:admin', kind: 'API_KEY' }, cohorts: { totalCount: 2 } },
    });
  });
});

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

describe('what is open when rights end', () => {
  const follow = 'subscription ($id: ID!) { jobEvents(jobId: $id) { sequence } }';
  const open = async (token: string) => {
    const socket = await RawSocket.signedIn({ url: server.url, token });
    socket.subscribe('1', follow, { id: alpha.job });
    expect((await socket.next())?.type).toBe('next');
    return socket;
  };
  const followers = () => server.nomograph.platform.events.followerCount;
  const untilNobodyFollows = async () => {
    while (followers() > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  test('a socket is closed at the end of its token', async () => {
    const socket = await open(await issuer.token(['analyst:alpha'], { exp: now() + 2 }));
    expect(await socket.closed).toMatchObject({ code: 4403, reason: expect.stringContaining('ended') });
    await untilNobodyFollows();
  });

  test('an event stream is broken off at the end of its token', async () => {
    const token = await issuer.token(['analyst:alpha'], { exp: now() + 2 });
    const response = await fetch(`${server.url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...bearer(token) },
      body: JSON.stringify({ query: follow, variables: { id: alpha.job } }),
    });
    const reader = response.body!.getReader();
    const read = async () => {
      for (;;) if ((await reader.read()).done) return;
    };
    await expect(read()).rejects.toThrow();
    await untilNobodyFollows();
  });

  test('a socket is closed when its key is revoked', async () => {
    const { createApiKey } = await server.client.run<{
      createApiKey: { secret: string; key: { id: string } };
    }>(
      'mutation { createApiKey(input: { name: "k", grants: [{ role: ANALYST, cohortKey: "alpha" }] }) { secret key { id } } }',
    );
    const [socket, other] = [
      await open(createApiKey.secret),
      await open(await issuer.token(['analyst:alpha'])),
    ];
    await server.client.run('mutation ($id: ID!) { revokeApiKey(id: $id) { id } }', {
      id: createApiKey.key.id,
    });
    expect(await socket.closed).toMatchObject({ code: 4403, reason: expect.stringContaining('withdrawn') });
    other.subscribe('2', anyQuery);
    expect((await other.next())?.type).toBe('next');
    other.terminate();
    await untilNobodyFollows();
  });

  test('a socket is closed when a grant that it began with is withdrawn, and not for one that is added', async () => {
    const give =
      'mutation ($to: String!, $grant: GrantInput!) { grantRole(principal: $to, grant: $grant) { id } }';
    const grant = (role: string) =>
      server.client.run<{ grantRole: { id: string } }>(give, {
        to: 'user:g',
        grant: { role, cohortKey: 'alpha' },
      });
    const { grantRole } = await grant('ANALYST');
    const token = await issuer.token([], { sub: 'g' });
    const socket = await open(token);
    await grant('READER');
    socket.subscribe('2', anyQuery);
    expect((await socket.next())?.type).toBe('next');
    await server.client.run('mutation ($id: ID!) { withdrawGrant(id: $id) { id } }', { id: grantRole.id });
    expect(await socket.closed).toMatchObject({ code: 4403 });
    expect(codes(await ask(token, '{ cohort(key: "alpha") { patients { totalCount } } }'))).toEqual([
      'FORBIDDEN',
    ]);
    await untilNobodyFollows();
  });
});

describe('the settings', () => {
  const outside = { NOMOGRAPH_HOST: '0.0.0.0', NOMOGRAPH_TOKEN: 'x'.repeat(40) };
  const oidc = { NOMOGRAPH_OIDC_ISSUER: 'https://issuer.example', NOMOGRAPH_OIDC_AUDIENCE: 'us' };
  const refused = (settings: Record<string, string>) => failureOf(() => readConfig(settings));

  test('let nobody else in by the development sign-in', async () => {
    expect(refused(outside)).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(readConfig({ ...outside, ...oidc })).toMatchObject({ loopback: false });
    expect(readConfig({ ...outside, NOMOGRAPH_ADMIN_KEY: 'k'.repeat(32) })).toMatchObject({
      loopback: false,
    });
    expect(readConfig({ ...outside, NOMOGRAPH_ROLE: 'worker' })).toMatchObject({ role: 'worker' });
    const beside = await server.startBeside({ loopback: false });
    const { status } = await beside.post({ query: anyQuery }, server.signedIn);
    await beside.halt();
    expect(status).toBe(401);
  });

  test('name an issuer whose keys cannot be exchanged on the way, and an audience', async () => {
    expect(refused({ NOMOGRAPH_OIDC_ISSUER: 'https://issuer.example' })).toMatchObject({
      code: 'CONFIG_INVALID',
    });
    expect(refused({ NOMOGRAPH_OIDC_AUDIENCE: 'us' })).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(refused({ ...oidc, NOMOGRAPH_OIDC_ISSUER: 'http://issuer.example' })).toMatchObject({
      code: 'CONFIG_INVALID',
    });
    expect(refused({ ...oidc, NOMOGRAPH_OIDC_JWKS: 'http://issuer.example' })).toMatchObject({
      code: 'CONFIG_INVALID',
    });
    expect(refused({ NOMOGRAPH_ADMIN_KEY: 'short' })).toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
