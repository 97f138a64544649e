import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { TestServer } from '../support/server.ts';
import { type Asked, transportNames, transports } from '../support/transports.ts';

// Nobody waits for them any longer: their time is over, or their client has gone. So PostgreSQL is not to work on them either.

const { requestSeconds } = readConfig({}).limits;
const limits = { ...readConfig({}).limits, requestSeconds };
let server: TestServer;
/** Has locked what the operations need. */
let holder: pg.Client;
/** Sees what happens; within a transaction it would always see the same. */
let watcher: pg.Client;

beforeAll(async () => {
  server = await TestServer.start({ limits, role: 'api' });
  holder = new pg.Client(server.database.url);
  watcher = new pg.Client(server.database.url);
  await Promise.all([holder.connect(), watcher.connect()]);
});
afterAll(async () => {
  await Promise.all([holder.end(), watcher.end()]);
  await server.stop();
});
beforeEach(async () => {
  limits.requestSeconds = requestSeconds;
  await holder.query('begin; lock table extraction_profile, cohort in access exclusive mode');
});
afterEach(() => letGo());

const letGo = () => holder.query('rollback');
const query = '{ extractionProfiles { totalCount } }';
const createCohort = (key: string): Asked => ({
  query: 'mutation ($key: String!) { createCohort(input: { key: $key }) { id } }',
  variables: { key },
});

/** The statements that wait for the lock, by what the server of the database says. */
const waiting = () => countOf("wait_event_type = 'Lock' and state = 'active'");
const openTransactions = () => countOf("state like 'idle in transaction%'");

async function countOf(condition: string): Promise<number> {
  const { rows } = await watcher.query(
    `select count(*)::int as count from pg_stat_activity
     where datname = current_database() and application_name = 'nomograph' and ${condition}`,
  );
  return rows[0].count;
}

async function cohortsOf(key: string): Promise<number> {
  await letGo();
  const { rowCount } = await watcher.query('select from cohort where key = $1', [key]);
  return rowCount ?? 0;
}

const post = (asked: Asked, signal: AbortSignal, path = '/graphql') =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: {
      ...server.signedIn,
      'content-type': 'application/json',
      accept: path === '/graphql' ? 'application/json' : 'text/event-stream',
    },
    body: JSON.stringify(asked),
    signal,
  }).then((response) => response.text());

describe('an operation whose time is over', () => {
  test.each(transportNames)('has no statement left, over %s', async (transport) => {
    limits.requestSeconds = 0.3;
    const { errors } = await transports[transport](server, { query });
    expect(errors?.map(({ extensions }) => extensions)).toMatchObject([
      { code: 'LIMIT_EXCEEDED', details: { limit: 'requestSeconds' } },
    ]);
    await expect.poll(waiting).toBe(0);
  });

  test.each(transportNames)('has changed nothing, and is in the audit log, over %s', async (transport) => {
    limits.requestSeconds = 0.3;
    const key = randomUUID();
    const { errors } = await transports[transport](server, createCohort(key));
    expect(errors?.map(({ extensions }) => extensions)).toMatchObject([
      { code: 'LIMIT_EXCEEDED', details: { limit: 'requestSeconds' } },
    ]);
    await expect.poll(waiting).toBe(0);
    expect(await cohortsOf(key)).toBe(0);
    await server.nomograph.platform.auditLog.flush();
    const { rows } = await watcher.query(
      'select action, outcome from audit_entry order by sequence desc limit 1',
    );
    expect(rows).toEqual([{ action: 'createCohort', outcome: 'LIMIT_EXCEEDED' }]);
  });

  test('leaves the connections of all who waited to others', async () => {
    limits.requestSeconds = 0.3;
    // More than the pool has, so that some wait for a connection.
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        transports.HTTP(server, n % 2 ? { query } : createCohort(`c${n}`)),
      ),
    );
    expect(answers.filter(({ errors }) => errors?.[0].extensions.code === 'LIMIT_EXCEEDED')).toHaveLength(30);
    await expect.poll(waiting).toBe(0);
    limits.requestSeconds = requestSeconds;
    await letGo();
    const after = await Promise.all(Array.from({ length: 30 }, () => transports.HTTP(server, { query })));
    expect(after.filter(({ errors }) => errors)).toEqual([]);
    await expect.poll(openTransactions).toBe(0);
  });
});

describe('an operation whose client has gone', () => {
  const leave = {
    'a request': async () => {
      const client = new AbortController();
      const answer = post({ query }, client.signal);
      return async () => {
        client.abort();
        await expect(answer).rejects.toThrow();
      };
    },
    'an event stream': async () => {
      const client = new AbortController();
      const answer = post({ query }, client.signal, '/graphql/stream');
      return async () => {
        client.abort();
        await expect(answer).rejects.toThrow();
      };
    },
    'a broken socket': async () => {
      const socket = await RawSocket.signedIn(server);
      socket.subscribe('1', query);
      return async () => socket.terminate();
    },
    'an operation of a socket': async () => {
      const socket = await RawSocket.signedIn(server);
      socket.subscribe('1', query);
      return async () => socket.send({ type: 'complete', id: '1' });
    },
  };

  test.each(Object.entries(leave))('has no statement left: %s', async (_way, begin) => {
    const go = await begin();
    await expect.poll(waiting).toBe(1);
    await go();
    await expect.poll(waiting).toBe(0);
  });

  test.each(['/graphql', '/graphql/stream'])('makes its change all the same: %s', async (path) => {
    const client = new AbortController();
    const key = randomUUID();
    const answer = post(createCohort(key), client.signal, path);
    await expect.poll(waiting).toBe(1);
    client.abort();
    await expect(answer).rejects.toThrow();
    await letGo();
    await expect.poll(() => cohortsOf(key)).toBe(1);
  });

  test('ends no statement of another, whenever it goes', async () => {
    await letGo();
    const leaving = async (n: number) => {
      const client = new AbortController();
      const answer = post({ query }, client.signal).catch(() => {});
      setTimeout(() => client.abort(), n % 7);
      await answer;
    };
    for (let n = 0; n < 20; n++) {
      const [{ errors }] = await Promise.all([
        transports.HTTP(server, { query }),
        leaving(n),
        leaving(n + 3),
      ]);
      expect(errors).toBeUndefined();
    }
    await expect.poll(openTransactions).toBe(0);
  });
});
