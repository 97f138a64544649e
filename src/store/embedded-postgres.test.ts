import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { endServer } from '../../test/support/end-server.ts';
import { mayEnter } from './embedded-postgres/account.ts';
import { findPostmaster } from './embedded-postgres/postmaster.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';

const nobody = { uid: 65534, gid: 65534 };
const isRoot = process.getuid?.() === 0;
const nobodyMayRead = isRoot && (await mayEnter(import.meta.dirname, nobody));
const cleanups: (() => unknown)[] = [];
const afterLast: (() => unknown)[] = [];

afterAll(async () => {
  for (const cleanup of afterLast.splice(0)) await cleanup();
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A data directory that does not exist yet, in a temporary folder of the given mode. */
async function newDirectory(mode = 0o755): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nomograph-postgres-'));
  await chmod(folder, mode);
  cleanups.push(() => remove(folder));
  return join(folder, 'data');
}

async function remove(folder: string): Promise<void> {
  await endServer(join(folder, 'data'));
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

let common: Promise<string> | undefined;

/** A data directory without a running server, one for all tests that do not mind: to make one takes seconds. */
async function usedDirectory(): Promise<string> {
  common ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nomograph-postgres-'));
    await chmod(folder, 0o755);
    afterLast.push(() => remove(folder));
    await (await start(join(folder, 'data'))).stop();
    return join(folder, 'data');
  })();
  const directory = await common;
  cleanups.push(() => endServer(directory));
  return directory;
}

async function start(dataDirectory: string): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ dataDirectory });
}

async function query<T extends object>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Another process that starts or adopts the server, then runs `then` with `server` and `client`; its lines on stdout. */
function otherProcess(
  directory: string,
  then: string,
  account = {},
): { child: ChildProcess; lines: AsyncIterator<string> } {
  const script = `
    import pg from 'pg';
    import { startEmbeddedPostgres } from ${JSON.stringify(new URL('embedded-postgres.ts', import.meta.url).href)};
    const server = await startEmbeddedPostgres({ dataDirectory: ${JSON.stringify(directory)} });
    const client = new pg.Client({ connectionString: server.url });
    client.on('error', () => process.exit());
    await client.connect();
    ${then}
    await client.end();`;
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script],
    {
      cwd: import.meta.dirname,
      stdio: ['pipe', 'pipe', 'inherit'],
      ...account,
    },
  );
  cleanups.push(() => child.kill('SIGKILL'));
  return { child, lines: createInterface({ input: child.stdout! })[Symbol.asyncIterator]() };
}

describe('startEmbeddedPostgres', () => {
  test('starts a server of its own, keeps data and address over a restart, and stops it', async () => {
    const directory = await usedDirectory();
    const first = await start(directory);
    expect(first.adopted).toBe(false);
    expect(first.url).toMatch(/^postgres:\/\/nomograph:[\w-]{32}@127\.0\.0\.1:\d+\/nomograph$/);
    await query(first.url, "create table word as select 'kept' as text");
    await first.stop();
    await first.stop();
    await expect(query(first.url, 'select')).rejects.toThrow('ECONNREFUSED');
    expect(await findPostmaster(join(directory, 'cluster'))).toBeUndefined();

    const second = await start(directory);
    expect(second).toMatchObject({ adopted: false, url: first.url });
    expect(await query(second.url, 'select text from word')).toEqual([{ text: 'kept' }]);
    await second.stop();
  });

  test('asks for the password, listens on loopback alone, and syncs what it commits', async () => {
    const directory = await usedDirectory();
    const { url, stop } = await start(directory);
    expect((await stat(join(directory, 'password'))).mode & 0o777).toBe(0o600);
    await expect(query(url.replace(/:[\w-]+@/, ':wrong@'), 'select')).rejects.toMatchObject({
      code: '28P01',
    });
    const settings = await query<{ name: string; setting: string }>(
      url,
      `select name, setting from pg_settings where name in ('listen_addresses', 'unix_socket_directories', 'fsync',
       'full_page_writes', 'synchronous_commit', 'server_encoding', 'max_connections')`,
    );
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      server_encoding: 'UTF8',
      max_connections: '100',
    });
    const rules = await query(url, 'select distinct auth_method from pg_hba_file_rules');
    expect(rules).toEqual([{ auth_method: 'scram-sha-256' }]);
    await stop();
  });

  test('adopts a server that runs, from this process and another; the last to stop ends it', async () => {
    const directory = await usedDirectory();
    const starter = await start(directory);
    const { url } = starter;
    const here = await start(directory);
    expect(here).toMatchObject({ adopted: true, url });
    const { child, lines } = otherProcess(
      directory,
      `console.log(server.adopted, server.url);
       await new Promise((resolve) => process.stdin.once('data', resolve));
       await client.end();
       await server.stop();
       process.exit();`,
    );
    expect((await lines.next()).value).toBe(`true ${url}`);
    await starter.stop();
    await here.stop();
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    child.stdin!.write('stop\n');
    await once(child, 'exit');
    expect(await findPostmaster(join(directory, 'cluster'))).toBeUndefined();
  });

  test('is ended by one of those who stop at once', async () => {
    const directory = await usedDirectory();
    const users = await Promise.all([start(directory), start(directory), start(directory)]);
    expect(new Set(users.map(({ url }) => url)).size).toBe(1);
    await Promise.all(users.map(({ stop }) => stop()));
    expect(await findPostmaster(join(directory, 'cluster'))).toBeUndefined();
  });

  test('starts anew for one who comes while the last one stops', async () => {
    const directory = await usedDirectory();
    for (let round = 0; round < 5; round++) {
      const leaving = await start(directory);
      const stopped = leaving.stop();
      const coming = await start(directory);
      await stopped;
      expect(await query(coming.url, 'select 1 as one')).toEqual([{ one: 1 }]);
      await coming.stop();
    }
    expect(await findPostmaster(join(directory, 'cluster'))).toBeUndefined();
  });

  test('stays up for a client that it does not know, and ends with the next one', async () => {
    const directory = await usedDirectory();
    const first = await start(directory);
    const client = new pg.Client({ connectionString: first.url });
    await client.connect();
    await first.stop();
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    const second = await start(directory);
    expect(second).toMatchObject({ adopted: true, url: first.url });
    await client.end();
    await second.stop();
    expect(await findPostmaster(join(directory, 'cluster'))).toBeUndefined();
  });

  test('outlives its starter and is adopted then', async () => {
    const directory = await usedDirectory();
    const { child, lines } = otherProcess(
      directory,
      'console.log(server.url); await new Promise(() => setInterval(() => {}, 1e6));',
    );
    const { value: url } = await lines.next();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const adopted = await start(directory);
    expect(adopted).toMatchObject({ adopted: true, url });
    await adopted.stop();
    expect(await findPostmaster(join(directory, 'cluster'))).toBeUndefined();
  });

  test('loses no committed row when the server and its starter are killed', async () => {
    const directory = await usedDirectory();
    let committed = 0;
    for (let cycle = 0; cycle < 3; cycle++) {
      const { child, lines } = otherProcess(
        directory,
        `await client.query('create table if not exists entry (number int primary key)');
         for (let number = ${committed + 1}; ; number++) {
           await client.query('insert into entry values ($1)', [number]).catch(() => process.exit());
           console.log(number);
         }`,
      );
      for (let seen = 0; seen < 50; seen++) committed = Number((await lines.next()).value);
      await endServer(directory, 'SIGKILL');
      child.kill('SIGKILL');
      for (let line = await lines.next(); !line.done; line = await lines.next())
        committed = Number(line.value);

      const { url, adopted, stop } = await start(directory);
      expect(adopted).toBe(false);
      const [row] = await query<{ count: number; last: number }>(
        url,
        'select count(*)::int as count, max(number) as last from entry',
      );
      // The last insert may have been committed without the news of it having arrived.
      expect(row!.count).toBeGreaterThanOrEqual(committed);
      expect(row!.count).toBe(row!.last);
      committed = row!.count;
      await stop();
    }
  });

  test.each([
    ['nobody has', () => 4_190_000],
    ['another process has now', impostor],
  ])('replaces a lock file with a process number that %s', async (_, number) => {
    const directory = await usedDirectory();
    const first = await start(directory);
    await first.stop();
    const { uid, gid } = await stat(join(directory, 'cluster'));
    const file = join(directory, 'cluster/postmaster.pid');
    const port = new URL(first.url).port;
    await writeFile(
      file,
      `${number()}\n${join(directory, 'cluster')}\n1700000000\n${port}\n\n127.0.0.1\n\nready\n`,
    );
    await chmod(file, 0o600);
    await chown(file, uid, gid);
    const second = await start(directory);
    expect(second.adopted).toBe(false);
    await second.stop();
    expect(
      (await readdir(join(directory, 'cluster'))).filter((name) => name.startsWith('postmaster.pid')),
    ).toEqual([]);
  });

  /** A process of the server's own user, which PostgreSQL would take for a living server. */
  function impostor(): number {
    const child = spawn('sleep', ['60'], isRoot ? nobody : {});
    cleanups.push(() => child.kill('SIGKILL'));
    return child.pid!;
  }

  test('ends with one server when processes start at once on an empty directory', async () => {
    const directory = await newDirectory();
    const then = `
      const { rows } = await client.query('select pg_postmaster_start_time()::text as time');
      console.log(JSON.stringify({ adopted: server.adopted, url: server.url, time: rows[0].time }));`;
    const others = [0, 1, 2].map(() => otherProcess(directory, then));
    const results = await Promise.all(
      others.map(async ({ lines }) => JSON.parse((await lines.next()).value)),
    );
    expect(results.map(({ adopted }) => adopted).sort()).toEqual([false, true, true]);
    expect(new Set(results.map(({ url, time }) => `${url} ${time}`)).size).toBe(1);
    expect((await readdir(directory)).filter((name) => /^new-|^password\./.test(name))).toEqual([]);
  });

  test.runIf(isRoot)('runs as nobody where root alone may enter, and leaves the data there', async () => {
    const directory = await newDirectory(0o700);
    expect(await mayEnter(join(directory, '..'), nobody)).toBe(false);
    const first = await start(directory);
    const server = await findPostmaster(join(directory, 'cluster'));
    expect(await stat(`/proc/${server!.pid}`)).toMatchObject(nobody);
    await query(first.url, 'create table word as select pg_reload_conf()');
    await endServer(directory, 'SIGKILL');
    const second = await start(directory);
    expect(await query(second.url, 'select count(*)::int as count from word')).toEqual([{ count: 1 }]);
    await second.stop();
  });

  test.runIf(nobodyMayRead)('runs as a user other than root, whose server root adopts', async () => {
    const directory = await newDirectory();
    await mkdir(directory);
    await chown(directory, nobody.uid, nobody.gid);
    const { child, lines } = otherProcess(directory, 'console.log(server.adopted, server.url);', nobody);
    expect((await lines.next()).value).toMatch(/^false postgres:/);
    await once(child, 'exit');
    const { adopted, url } = await start(directory);
    expect(adopted).toBe(true);
    await query(url, 'create table word as select 1');
    await endServer(directory, 'SIGKILL');
    const own = await start(directory);
    expect(own.adopted).toBe(false);
    expect(await query(own.url, 'select count(*)::int as count from word')).toEqual([{ count: 1 }]);
    await own.stop();
  });

  test('says so when the password is not that of the data', async () => {
    const directory = await usedDirectory();
    const { stop } = await start(directory);
    const password = await readFile(join(directory, 'password'), 'utf8');
    await writeFile(join(directory, 'password'), 'other\n');
    await expect(start(directory)).rejects.toMatchObject({ name: 'Failure', code: 'CONFIG_INVALID' });
    await writeFile(join(directory, 'password'), password);
    await stop();
  });

  test('shows the end of the log when the data is damaged', async () => {
    const directory = await usedDirectory();
    const file = join(directory, 'cluster/global/pg_control');
    await rename(file, `${file}.aside`);
    cleanups.push(() => rename(`${file}.aside`, file));
    await expect(start(directory)).rejects.toMatchObject({
      name: 'Failure',
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringContaining('pg_control'),
    });
  });

  test('names a data directory that cannot be made', async () => {
    const directory = await newDirectory();
    await writeFile(directory, 'a file');
    await expect(start(directory)).rejects.toMatchObject({ name: 'Failure', code: 'CONFIG_INVALID' });
  });
});
