import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** Outside of the repository; kept between runs. */
export const scratch = join(tmpdir(), 'nomograph-bench-survival');
const packages = ['survival', 'glmnet', 'maxstat', 'jsonlite'];
const reference = resolve(
  process.env.NOMOGRAPH_REFERENCE ?? join(import.meta.dirname, '../../../shared/reference'),
  'survival/bench',
);
const environment = { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' };

/** What R computed in one run of a task, by name: numbers, or lists of them. */
export type Values = Readonly<Record<string, unknown>>;

export interface Run {
  readonly seconds: number;
  /** Seconds of the processor, which other work on the machine prolongs less. */
  readonly processor: number;
  readonly values: Values;
}

/** A running R with Debian's packages, and the inputs made; null, with a clear line, where there is none. */
export async function startR(inputs: readonly string[]): Promise<R | null> {
  if (!existsSync(join(reference, 'time_r.R'))) {
    console.log(`SKIPPED: R's timing script is not at ${reference}; set NOMOGRAPH_REFERENCE`);
    return null;
  }
  const code = `for (p in c("${packages.join('","')}")) stopifnot(requireNamespace(p, quietly = TRUE)); cat(R.version.string, paste(c("${packages.slice(0, 2).join('","')}"), sapply(c("${packages.slice(0, 2).join('","')}"), function(p) as.character(packageVersion(p)))), sep = ", ")`;
  const ask = () => spawnSync('Rscript', ['-e', code], { encoding: 'utf8' });
  let asked = ask();
  if (asked.status !== 0) {
    const names = ['r-base-core', ...packages.map((name) => `r-cran-${name}`)];
    const missing = `R with ${packages.join(', ')} is not installed (Debian: apt-get install ${names.join(' ')})`;
    if (process.getuid?.() !== 0) {
      console.log(`SKIPPED: ${missing}`);
      return null;
    }
    for (const command of [['update'], ['install', '-y', '--no-install-recommends', ...names]]) {
      spawnSync('apt-get', ['-qq', ...command], { stdio: 'ignore', timeout: 600_000 });
    }
    asked = ask();
    if (asked.status !== 0) {
      console.log(`SKIPPED: ${missing}, and apt-get could not install it`);
      return null;
    }
  }
  const absent = inputs.filter((name) => !existsSync(join(scratch, `${name}.json`)));
  if (absent.length > 0) {
    const script = [join(import.meta.dirname, 'inputs.R'), join(reference, 'make_inputs.R'), scratch];
    const made = spawnSync('Rscript', [...script, ...absent], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`The inputs were not made: ${made.stderr}`);
  }
  return new R(asked.stdout);
}

export class R {
  readonly version: string;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(version: string) {
    this.version = version;
    const script = [join(import.meta.dirname, 'peer.R'), join(reference, 'time_r.R'), scratch];
    this.#process = spawn('Rscript', script, { stdio: ['pipe', 'pipe', 'inherit'], env: environment });
    this.#lines = createInterface({ input: this.#process.stdout as NodeJS.ReadableStream })[
      Symbol.asyncIterator
    ]();
  }

  async run(task: string): Promise<Run> {
    return (await this.#ask({ task })) as Run;
  }

  /** The fold, from 1, of each of `rows` rows in R's cross-validations. */
  async folds(rows: number): Promise<Int32Array> {
    return Int32Array.from((await this.#ask({ folds: rows })) as number[]);
  }

  /** glmnet's λ of a task's input, with those censored at the time of a death moved a millionth behind it. */
  async penalties(task: string): Promise<number[]> {
    return (await this.#ask({ penalties: task })) as number[];
  }

  async #ask(request: object): Promise<unknown> {
    this.#process.stdin?.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('R ended without an answer');
    return JSON.parse(value);
  }

  stop(): void {
    this.#process.stdin?.end();
  }
}
