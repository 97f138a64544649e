import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Issuer } from '../support/issuer.ts';
import { RawSocket } from '../support/raw-socket.ts';
import type { TestServer } from '../support/server.ts';
import type { SitedCohort } from '../support/sited-cohort.ts';
import { anyQuery, bearer, codes, type SitedServer, startSitedServer } from '../support/sited-server.ts';

let issuer: Issuer;
let server: TestServer;
let alpha: SitedCohort;
let ask: SitedServer['ask'];
let stop: SitedServer['stop'];
beforeAll(async () => {
  ({ issuer, server, alpha, ask, stop } = await startSitedServer());
});
afterAll(() => stop());

const now = () => Math.floor(Date.now() / 1000);

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
