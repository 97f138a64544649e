import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFailed } from 'vitest';
import type { TestServer } from './server.ts';

const program = resolve(import.meta.dirname, '../../bin/nomograph.js');

/** The program as a process of its own on a test server's data, for a test to kill. What it logs is shown where the test fails. */
export function startProcess(server: TestServer, role: 'api' | 'worker'): ChildProcess {
  const child = spawn(process.execPath, [program, 'serve', '--role', role, '--port', '0'], {
    env: {
      ...process.env,
      DATABASE_URL: server.database.url,
      NOMOGRAPH_DATA: server.directory,
      NOMOGRAPH_THREADS: '2',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  onTestFailed(() => console.error(output));
  return child;
}

/** Where the graph of such a process is, when it answers. */
export async function graphOf(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const [line] = await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the process ended (${code})`))),
  ]);
  return String(line);
}

/** Kills a process as nothing else can, and waits until it is gone. */
export async function killProcess(child: ChildProcess): Promise<void> {
  const gone = (child.exitCode ?? child.signalCode) ? undefined : once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** What time does by itself in half a minute: the dead process's heartbeat grows old, and somebody looks for it. */
export async function noticeTheDead({ nomograph }: TestServer, queueName = 'extraction'): Promise<void> {
  const { dataSource, queue } = nomograph.platform;
  await dataSource.query(
    "update pgboss.job set heartbeat_on = now() - interval '1 hour', started_on = now() - interval '1 hour' where state = 'active'",
  );
  await queue.boss.supervise(queueName);
}
