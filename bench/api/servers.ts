import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { scratch } from './database.ts';

const postgraphileVersion = '5.1.5';
const postgraphileFolder = join(tmpdir(), 'nomograph-bench-postgraphile');

/** A server in a process of its own. */
export class BenchServer {
  readonly name: string;
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(name: string, url: string, child: ChildProcess) {
    this.name = name;
    this.url = url;
    this.#process = child;
  }

  /** Starts a script of Node's that prints its address once it listens. */
  static async start(
    name: string,
    args: readonly string[],
    environment: Record<string, string>,
  ): Promise<BenchServer> {
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_ENV: 'production', GRAPHILE_ENV: 'production', ...environment },
    });
    process.once('exit', () => child.kill('SIGKILL'));
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('http://')) return new BenchServer(name, line, child);
    }
    throw new Error(`${name} ended before it listened`);
  }

  get pid(): number {
    return this.#process.pid as number;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await ended;
  }
}

/** Nomograph as `serve` starts it, in the role of the api alone. `profile` is a folder for a profile of its processor time. */
export async function startNomograph(
  databaseUrl: string,
  adminKey: string,
  profile: string | undefined,
): Promise<BenchServer> {
  const data = join(scratch, 'data');
  await mkdir(data, { recursive: true });
  const flags = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [];
  const main = join(import.meta.dirname, '../../dist/src/cli/main.js');
  return BenchServer.start('Nomograph', [...flags, main, 'serve', '--role', 'api'], {
    DATABASE_URL: databaseUrl,
    NOMOGRAPH_DATA: data,
    NOMOGRAPH_PORT: '0',
    NOMOGRAPH_ADMIN_KEY: adminKey,
    NOMOGRAPH_LOG_LEVEL: 'warn',
  });
}

export function startBare(databaseUrl: string): Promise<BenchServer> {
  return BenchServer.start('bare Apollo', [join(import.meta.dirname, 'bare.ts')], {
    DATABASE_URL: databaseUrl,
  });
}

/** PostGraphile, installed from npm the first time, outside of the repository; null, with a clear line, where it cannot be. */
export async function startPostgraphile(databaseUrl: string): Promise<BenchServer | null> {
  if (!existsSync(join(postgraphileFolder, 'node_modules/postgraphile/package.json'))) {
    await mkdir(postgraphileFolder, { recursive: true });
    const dependencies = { postgraphile: postgraphileVersion };
    await writeFile(
      join(postgraphileFolder, 'package.json'),
      JSON.stringify({ private: true, dependencies }),
    );
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const { status, stderr, error } = spawnSync(
      npm,
      ['install', '--no-audit', '--no-fund', '--fetch-retries=1'],
      {
        cwd: postgraphileFolder,
        encoding: 'utf8',
        timeout: 180_000,
      },
    );
    if (status !== 0) {
      const reason = error?.message ?? stderr.trim().split('\n')[0];
      console.log(`SKIPPED: PostGraphile ${postgraphileVersion} cannot be installed: ${reason}`);
      return null;
    }
  }
  const script = join(import.meta.dirname, 'postgraphile.js');
  return BenchServer.start('PostGraphile', [script, postgraphileFolder], { DATABASE_URL: databaseUrl });
}
