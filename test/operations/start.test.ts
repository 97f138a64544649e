import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { startNomograph } from '../../src/server.ts';
import { createEmptyDatabase } from '../support/database.ts';

const program = resolve(import.meta.dirname, '../../bin/nomograph.js');
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nomograph-start-'));
  await run(['--help'], {}); // It builds what changed, which two at once could not.
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function run(args: readonly string[], settings: Record<string, string>) {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, NOMOGRAPH_DATA: directory, NOMOGRAPH_LOG_LEVEL: 'info', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { stdout, stderr, code };
}

test('two processes that migrate an empty database at once both succeed, and one does the work', async () => {
  const database = await createEmptyDatabase();
  try {
    const both = await Promise.all([1, 2].map(() => run(['migrate'], { DATABASE_URL: database.url })));
    expect(both.map(({ code, stdout }) => [code, stdout])).toEqual([
      [0, 'the database is up to date\n'],
      [0, 'the database is up to date\n'],
    ]);
    expect(both.filter(({ stderr }) => stderr.includes('"migrated"'))).toHaveLength(1);
  } finally {
    await database.drop();
  }
});

test('servers that start on an empty database at once are all up', async () => {
  const database = await createEmptyDatabase();
  const config = {
    ...readConfig({ DATABASE_URL: database.url, NOMOGRAPH_DATA: directory, NOMOGRAPH_PORT: '0' }),
    logLevel: 'silent',
  };
  const started = await Promise.allSettled([1, 2, 3].map(() => startNomograph(config)));
  try {
    for (const each of started) {
      if (each.status === 'rejected') throw each.reason;
      const response = await fetch(`${each.value.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${each.value.token}` },
        body: '{"query":"{ extractionProfiles { totalCount } }"}',
      });
      expect(await response.json()).toMatchObject({
        data: { extractionProfiles: { totalCount: expect.any(Number) } },
      });
    }
  } finally {
    for (const each of started) if (each.status === 'fulfilled') await each.value.stop();
    await database.drop();
  }
});

test('a database that is not there is said at once, without its password', async () => {
  const { code, stderr, stdout } = await run(['migrate'], {
    DATABASE_URL: 'postgres://nobody:verysecret@127.0.0.1:1/nothing',
  });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^SERVICE_UNAVAILABLE: .*ECONNREFUSED/m);
  expect(stderr).not.toContain('verysecret');
});

test('a port that is taken is said, and nothing stays behind', async () => {
  const database = await createEmptyDatabase();
  const config = {
    ...readConfig({ DATABASE_URL: database.url, NOMOGRAPH_DATA: directory, NOMOGRAPH_PORT: '0' }),
    logLevel: 'silent',
  };
  const first = await startNomograph(config);
  try {
    const port = Number(new URL(first.url as string).port);
    await expect(startNomograph({ ...config, port })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      details: { setting: 'NOMOGRAPH_PORT', value: port },
    });
    await expect
      .poll(async () => {
        const [{ count }] = await first.platform.dataSource.query(
          "select count(distinct pid)::int as count from pg_stat_activity where datname = current_database() and application_name = 'nomograph notifications'",
        );
        return count;
      })
      .toBe(1);
  } finally {
    await first.stop();
    await database.drop();
  }
});
