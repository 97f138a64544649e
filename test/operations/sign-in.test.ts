import { createHash, createHmac } from 'node:crypto';
import { Writable } from 'node:stream';
import { exportSPKI, generateKeyPair } from 'jose';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Authenticator } from '../../src/api/rights/authenticator.ts';
import { readConfig } from '../../src/config.ts';
import { failureOf } from '../support/failure-of.ts';
import { audience, type Issuer } from '../support/issuer.ts';
import { RawSocket } from '../support/raw-socket.ts';
import type { TestServer } from '../support/server.ts';
import { type SitedCohort, sitedProfile } from '../support/sited-cohort.ts';
import {
  anyQuery,
  bearer,
  codes,
  type SitedServer,
  startSitedServer,
  unknown,
} from '../support/sited-server.ts';

let issuer: Issuer;
let server: TestServer;
let alpha: SitedCohort;
let ask: SitedServer['ask'];
let as: SitedServer['as'];
let stop: SitedServer['stop'];
beforeAll(async () => {
  ({ issuer, server, alpha, ask, as, stop } = await startSitedServer({ adminKey: 'k'.repeat(40) }));
});
afterAll(() => stop());

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
