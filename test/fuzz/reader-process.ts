import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ReadReport, ReadTask } from './reader.ts';

/** What no file may take. */
export const limits = { milliseconds: 5_000, bytes: 2 ** 30 } as const;

/** The child process that reads; after a crash or at the end of a file's time another takes its place. */
export class ReaderProcess {
  #child: ChildProcess | undefined;

  /** The report on a file, or in a word how the process ended over it. */
  async read(
    task: ReadTask,
    milliseconds: number = limits.milliseconds,
  ): Promise<ReadReport | 'CRASH' | 'HANG'> {
    this.#child ??= await start();
    const child = this.#child;
    const over = new AbortController();
    const ended = once(child, 'exit', { signal: over.signal }).then(() => 'CRASH' as const);
    const answered = once(child, 'message', { signal: over.signal }).then(([report]) => report as ReadReport);
    const late = setTimeout(milliseconds, 'HANG' as const, { signal: over.signal });
    for (const loser of [ended, answered, late]) loser.catch(() => {});
    child.send(task);
    const result = await Promise.race([answered, ended, late]);
    over.abort();
    if (typeof result === 'string') await this.stop();
    return result;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}

async function start(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'reader.ts'), {
    execArgv: ['--max-old-space-size=512', '--disable-warning=ExperimentalWarning'],
    env: {},
    // Keeps typed arrays, and NaN apart from null.
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return child;
}
