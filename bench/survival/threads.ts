import { isDeepStrictEqual } from 'node:util';
import type { Piscina } from 'piscina';
import {
  combineFolds,
  combineValidation,
  type FoldResult,
  type OptimismSample,
  type PenalisedPath,
  penaltySequence,
  randomFolds,
  validationProblem,
} from '../../src/engine/survival/index.ts';
import { workerPool } from '../../src/jobs/worker-pool.ts';
import { readInput } from './cases.ts';
import type { Part } from './part.worker.ts';

const REPEATS = 10;
const FOLDS = 10;
const RESAMPLES = 1000;
/** Resamples that a thread takes at a time. */
const SHARE = 5;

type Run = (task: Part) => Promise<unknown>;

/** A repeated cross-validation: the path of all rows, which is longest, and the folds, in whatever threads are free. */
async function crossValidation(run: Run, input: string): Promise<unknown> {
  const { data, covariates } = readInput(input, new Int32Array(0));
  const sequence = penaltySequence(data, covariates);
  const path = run({ part: 'path', input });
  const repeats = Array.from({ length: REPEATS }, (_, repeat) => {
    const folds = randomFolds(data.time.length, FOLDS, repeat);
    const labels = Array.from({ length: FOLDS }, (_, fold) => fold);
    return { folds, results: labels.map((fold) => run({ part: 'fold', input, folds, fold, sequence })) };
  });
  const whole = (await path) as PenalisedPath;
  return Promise.all(
    repeats.map(async ({ folds, results }) =>
      combineFolds(data, folds, whole, (await Promise.all(results)) as FoldResult[]),
    ),
  );
}

async function bootstrap(run: Run, input: string): Promise<unknown> {
  const starts = Array.from({ length: RESAMPLES / SHARE }, (_, part) => part * SHARE);
  const parts = starts.map((from) => run({ part: 'resamples', input, from, to: from + SHARE }));
  const { data, covariates } = readInput(input, new Int32Array(0));
  const samples = (await Promise.all(parts)) as OptimismSample[][];
  return combineValidation(validationProblem(data, covariates), samples.flat());
}

/** How much faster two threads are than one, in turns, and whether the results are the same to the bit. */
export async function timeThreads(rounds: number): Promise<void> {
  const pools: Piscina[] = [1, 2].map(workerPool);
  const filename = new URL('./part.worker.ts', import.meta.url).href;
  for (const [work, begin, input] of [
    [`cross-validation, ${REPEATS} times ${FOLDS} folds, n = 73, p = 1,217`, crossValidation, 'cv_73x1217'],
    [
      `bootstrap validation, ${RESAMPLES.toLocaleString('en')} resamples, n = 2,000, p = 20`,
      bootstrap,
      'step_2000x20',
    ],
  ] as const) {
    const start = (pool: Piscina) => begin((task) => pool.run(task, { filename }), input);
    // As much for each thread before what counts: in each V8 compiles for itself.
    for (const pool of pools) {
      await Promise.all(Array.from({ length: pool.options.maxThreads }, () => start(pool)));
    }
    const seconds: number[][] = [];
    const costs: number[] = [];
    let same = true;
    for (let round = 0; round < rounds; round++) {
      const clock: number[] = [];
      const processor: number[] = [];
      const results: unknown[] = [];
      for (const pool of pools) {
        const before = process.cpuUsage();
        const started = performance.now();
        results.push(await start(pool));
        clock.push((performance.now() - started) / 1000);
        const { user, system } = process.cpuUsage(before);
        processor.push(user + system);
      }
      same &&= isDeepStrictEqual(results[0], results[1]);
      seconds.push(clock);
      costs.push(processor[1] / processor[0]);
    }
    const ratios = seconds.map(([one, two]) => one / two).sort((a, b) => a - b);
    const median = (list: number[]) => [...list].sort((a, b) => a - b)[list.length >> 1];
    const [one, two] = [0, 1].map((k) => median(seconds.map((clock) => clock[k])).toPrecision(3));
    console.log(
      `${work}: one thread ${one} s, two ${two} s, ${median(ratios).toFixed(2)}× (${ratios[0].toFixed(2)}–${ratios[ratios.length - 1].toFixed(2)}), target 1.8×; processor time ${median(costs).toFixed(2)} of one thread's; results ${same ? 'the same to the bit' : 'DIFFER'}`,
    );
    if (!same) process.exitCode = 1;
  }
  for (const pool of pools) await pool.close({ force: true });
}
