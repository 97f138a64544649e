import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../support/command.ts';
import { TestServer } from '../support/server.ts';

const metricsKey = 'the key of the metrics, and no other'.replaceAll(' ', '-');
let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start({ metricsKey });
});
afterAll(() => server.stop());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${server.nomograph.url}${path}`, { headers, signal: AbortSignal.timeout(10_000) });
const signedIn = () => ({ authorization: `Bearer ${server.nomograph.token}` });

describe('/ready', () => {
  it('checks the database, its migrations and the queue', async () => {
    const answer = await get('/ready');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      status: 'ready',
      checks: { database: true, migrations: true, queue: true },
    });
  });

  it('is not where a job waits and waits', async () => {
    const { dataSource } = server.nomograph.platform;
    const [{ id }]: { id: string }[] = await dataSource.query(
      `with cohort as (insert into cohort (id, key, name) values (gen_random_uuid(), 'health', 'health') returning id)
       insert into job (id, kind, cohort_id, specification, content_key, created_at)
       select gen_random_uuid(), 'COX_FIT', id, '{}', repeat('2', 64), now() - interval '1 hour' from cohort returning id`,
    );
    const answer = await get('/ready');
    expect([answer.status, (await answer.json()).checks.queue]).toEqual([503, false]);
    await dataSource.query('delete from job where id = $1', [id]);
  });

  it('is not where a migration is pending', async () => {
    const { dataSource } = server.nomograph.platform;
    const [last]: { id: number; timestamp: string; name: string }[] = await dataSource
      .query('delete from migration where id = (select max(id) from migration) returning id, timestamp, name')
      .then(([rows]) => rows);
    const answer = await get('/ready');
    expect([answer.status, (await answer.json()).checks.migrations]).toEqual([503, false]);
    await dataSource.query('insert into migration (id, timestamp, name) values ($1, $2, $3)', [
      last.id,
      last.timestamp,
      last.name,
    ]);
  });
});

describe('/metrics', () => {
  it('tells of operations, jobs, the queue and the event loop, to an administrator', async () => {
    await server.client.run('{ __typename }', {});
    const answer = await get('/metrics', signedIn());
    const text = await answer.text();
    expect(text).toMatch(/^nomograph_operation_seconds_count\{type="query",outcome="data"\} [1-9]/m);
    for (const name of [
      'nomograph_jobs{state="QUEUED"}',
      'nomograph_queue_lag_seconds',
      'nomograph_event_followers',
    ]) {
      expect(text).toContain(`\n${name} `);
    }
    expect(text).toContain('nomograph_event_loop_delay_p99_seconds');
    expect((await get('/metrics')).status).toBe(401);
  });

  it('has a key of its own, which opens nothing else', async () => {
    const scraper = { authorization: `Bearer ${metricsKey}` };
    expect((await get('/metrics', scraper)).status).toBe(200);
    const { body } = await server.post({ query: '{ cohorts { totalCount } }' }, scraper);
    expect(body.errors?.[0].extensions.code).toBe('FORBIDDEN');
    expect((await get('/export/any/any.csv', scraper)).status).toBe(404);
  });

  it('is not for who may only see cohorts', async () => {
    const { createApiKey } = await server.client.run<{ createApiKey: { secret: string } }>(
      'mutation M($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
      { input: { name: 'curator', grants: [{ role: 'CURATOR' }, { role: 'ADMIN', cohortKey: 'some' }] } },
    );
    const answer = await get('/metrics', { authorization: `Bearer ${createApiKey.secret}` });
    expect([answer.status, (await answer.json()).errors[0].extensions.code]).toEqual([403, 'FORBIDDEN']);
  });
});

describe('a server that ends', () => {
  it('answers what is under way, and takes nothing new', async () => {
    const other = await server.startBeside({ role: 'api' });
    const client = new pg.Client({ connectionString: server.database.url });
    await client.connect();
    await client.query('begin; lock table cohort in access exclusive mode');
    const underWay = other.post({ query: '{ cohorts { totalCount } }' });
    await vi.waitFor(async () => {
      const { rows } = await client.query(
        "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      );
      expect(rows).toHaveLength(1);
    });
    const ended = other.halt();
    await vi.waitFor(() => expect(fetch(`${other.url}/live`)).rejects.toThrow());
    await client.query('commit');
    await client.end();
    const { status, body } = await underWay;
    expect([status, body.errors]).toEqual([200, undefined]);
    await ended;
  });
});

describe('nomograph config', () => {
  it('prints what it makes of the settings, secrets aside', async () => {
    const { stdout } = await runCommand(['config'], {
      NOMOGRAPH_PORT: '4321',
      NOMOGRAPH_TOKEN: 'a-secret-of-length',
      NOMOGRAPH_ADMIN_KEY: 'a-secret-of-thirty-two-characters',
      NOMOGRAPH_METRICS_KEY: 'a-secret-of-thirty-two-characters',
    });
    expect(JSON.parse(stdout)).toMatchObject({
      port: 4321,
      token: '(set)',
      adminKey: '(set)',
      metricsKey: '(set)',
      host: '127.0.0.1',
    });
    expect(stdout).not.toContain('a-secret');
  });
});
