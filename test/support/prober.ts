import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

const program = resolve(import.meta.dirname, '../load/prober.ts');

/** A client in a process of its own that asks a small query again and again, and measures each answer. */
export class Prober {
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  constructor({ url, token }: { url: string; token: string }, query: string) {
    this.#child = spawn(process.execPath, [program, url, token, query], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#lines = createInterface({ input: this.#child.stdout as never });
  }

  /** Ends the phase that is under way; its latencies in ms. */
  async phase(): Promise<number[]> {
    const line = once(this.#lines, 'line');
    this.#child.stdin?.write('\n');
    return JSON.parse(String((await line)[0]));
  }

  async stop(): Promise<void> {
    this.#child.stdin?.end();
    await once(this.#child, 'exit');
  }
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}
