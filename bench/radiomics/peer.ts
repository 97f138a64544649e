import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Outside of the repository; kept between runs. */
const environment = join(tmpdir(), 'nomograph-bench-pyradiomics');
const packages = ['numpy<2', 'setuptools<81', 'wheel', 'versioneer', 'cython'];
const version = '3.0.1';

export interface Extraction {
  readonly seconds: number;
  /** Seconds of the processor, which other work on the machine prolongs less. */
  readonly processor: number;
  readonly values: Readonly<Record<string, number>>;
}

/** A running PyRadiomics, installed from PyPI the first time; null, with a clear line, where it cannot be. */
export async function startPyRadiomics(): Promise<PyRadiomics | null> {
  const python = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const steps: [string, string[]][] = [
    ['python3', ['-m', 'venv', environment]],
    [python, ['-m', 'pip', 'install', '-q', ...packages]],
    [python, ['-m', 'pip', 'install', '-q', '--no-build-isolation', `pyradiomics==${version}`]],
  ];
  const works = () => existsSync(python) && spawnSync(python, ['-c', 'import radiomics']).status === 0;
  if (!works()) {
    for (const [command, args] of steps) {
      const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: 600_000 });
      if (status === 0) continue;
      console.log(
        `SKIPPED: PyRadiomics cannot be installed: ${error?.message ?? stderr.trim().split('\n').at(-1)}`,
      );
      return null;
    }
    if (!works()) {
      console.log('SKIPPED: PyRadiomics was installed but cannot be imported');
      return null;
    }
  }
  return new PyRadiomics(python);
}

export class PyRadiomics {
  readonly version = version;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(python: string) {
    this.#process = spawn(python, [join(import.meta.dirname, 'peer.py')], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#lines = createInterface({ input: this.#process.stdout as NodeJS.ReadableStream })[
      Symbol.asyncIterator
    ]();
  }

  async extract(image: string, mask: string, parameters: object): Promise<Extraction> {
    this.#process.stdin?.write(`${JSON.stringify({ image, mask, parameters })}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('PyRadiomics ended without an answer');
    return JSON.parse(value) as Extraction;
  }

  stop(): void {
    this.#process.stdin?.end();
  }
}
