import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Extraction {
  readonly seconds: number;
  /** Seconds of the processor, which other work on the machine prolongs less. */
  readonly processor: number;
  readonly values: Readonly<Record<string, number>>;
}

/** A Python package that extracts features: how it is installed from PyPI, and the script beside this file that answers with it. */
export interface PeerRecipe {
  readonly name: string;
  readonly version: string;
  readonly module: string;
  /** The arguments of each call of pip. */
  readonly installs: readonly (readonly string[])[];
}

export const pyRadiomics: PeerRecipe = {
  name: 'PyRadiomics',
  version: '3.0.1',
  module: 'radiomics',
  installs: [
    ['numpy<2', 'setuptools<81', 'wheel', 'versioneer', 'cython'],
    ['--no-build-isolation', 'pyradiomics==3.0.1'],
  ],
};

/** Brings PyTorch along, some 6 GB. */
export const fastrad: PeerRecipe = {
  name: 'fastrad',
  version: '1.0.0',
  module: 'fastrad',
  installs: [['fastrad==1.0.0', 'SimpleITK']],
};

/** Needs Python 3.12. */
export const pictologics: PeerRecipe = {
  name: 'pictologics',
  version: '0.9.0',
  module: 'pictologics',
  installs: [['pictologics==0.9.0']],
};

/** A running peer, installed from PyPI the first time, outside of the repository; null, with a clear line, where it cannot be. */
export async function startPeer({ name, version, module, installs }: PeerRecipe): Promise<Peer | null> {
  const environment = join(tmpdir(), `nomograph-bench-${name.toLowerCase()}`);
  const python = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const works = () => existsSync(python) && spawnSync(python, ['-c', `import ${module}`]).status === 0;
  if (!works()) {
    const steps: [string, string[]][] = [['python3', ['-m', 'venv', environment]]];
    for (const packages of installs) steps.push([python, ['-m', 'pip', 'install', '-q', ...packages]]);
    for (const [command, args] of steps) {
      const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: 600_000 });
      if (status === 0) continue;
      const lines = stderr?.trim().split('\n') ?? [];
      const reason = lines.findLast((line) => line.startsWith('ERROR')) ?? lines.at(-1);
      console.log(`SKIPPED: ${name} ${version} cannot be installed: ${error?.message ?? reason}`);
      return null;
    }
    if (!works()) {
      console.log(`SKIPPED: ${name} ${version} was installed but cannot be imported`);
      return null;
    }
  }
  return new Peer(name, version, python, join(import.meta.dirname, `${name.toLowerCase()}_peer.py`));
}

export class Peer {
  readonly name: string;
  readonly version: string;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, version: string, python: string, script: string) {
    this.name = name;
    this.version = version;
    this.#process = spawn(python, [script], { stdio: ['pipe', 'pipe', 'ignore'] });
    // A peer that has ended says so by the end of its output.
    this.#process.stdin?.on('error', () => {});
    this.#lines = createInterface({ input: this.#process.stdout as NodeJS.ReadableStream })[
      Symbol.asyncIterator
    ]();
  }

  /** Throws where the peer has ended. */
  async extract(image: string, mask: string, parameters: object): Promise<Extraction> {
    this.#process.stdin?.write(`${JSON.stringify({ image, mask, parameters })}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.name} ended without an answer`);
    return JSON.parse(value) as Extraction;
  }

  stop(): void {
    this.#process.stdin?.end();
  }
}
