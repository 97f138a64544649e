import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { createTestDatabase, type TestDatabase } from './database.ts';

const program = resolve(import.meta.dirname, '../../bin/nomograph.js');

/** Asked by a message, the program tells how many microseconds of the processor it has taken. */
const tellsItsTime = `data:text/javascript,${encodeURIComponent(
  "process.on('message', () => { const { user, system } = process.cpuUsage(); process.send(user + system); }); process.channel?.unref();",
)}`;

/** `nomograph serve` as a process of its own, on a database and a folder of its own. */
export class ServerProcess {
  readonly url: string;
  readonly token: string;
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly #database: TestDatabase;

  private constructor(
    url: string,
    token: string,
    child: ChildProcess,
    directory: string,
    database: TestDatabase,
  ) {
    this.url = url;
    this.token = token;
    this.#child = child;
    this.#directory = directory;
    this.#database = database;
  }

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const [directory, database] = await Promise.all([
      mkdtemp(join(tmpdir(), 'nomograph-load-')),
      createTestDatabase(),
    ]);
    const child = spawn(process.execPath, ['--import', tellsItsTime, program, 'serve', '--port', '0'], {
      env: {
        ...process.env,
        DATABASE_URL: database.url,
        NOMOGRAPH_DATA: directory,
        NOMOGRAPH_LOG_LEVEL: 'error',
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const lines = createInterface({ input: child.stdout as never });
    const [line] = await Promise.race([
      once(lines, 'line'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`the server ended (${code})`))),
    ]);
    const url = String(line).replace('/graphql', '');
    const token = (await readFile(join(directory, 'token'), 'utf8')).trim();
    return new ServerProcess(url, token, child, directory, database);
  }

  /** The milliseconds of the processor that it has taken. */
  async processorTime(): Promise<number> {
    const answer = once(this.#child, 'message');
    this.#child.send('time');
    return Number((await answer)[0]) / 1000;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
    await this.#database.drop();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
