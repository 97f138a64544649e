import { isDeepStrictEqual } from 'node:util';
import { Piscina } from 'piscina';
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
import { readInput } from './cases.ts';
import type { Part } from './part.worker.ts';

const RESAMPLES = 200;
/** Resamples that a thread takes at a time. */
const SHARE = 10;
/** Rounds before those that count: of two threads each has half of them. */
const WARM_UP = 8;

/** A cross-validation: the path of all rows and the folds, in whatever threads are free. */
async function crossValidation(pool: Piscina, name: string): Promise<unknown> {
  const { data, covariates } = readInput(name, new Int32Array(0));
  const sequence = penaltySequence(data, covariates);
  const folds = randomFolds(data.time.length, 10, 1);
  const run = (task: Part) => pool.run(task);
  const labels = Array.from({ length: 10 }, (_, fold) => fold);
  const [path, ...results] = await Promise.all([
    run({ part: 'path', input: name }),
    ...labels.map((fold) => run({ part: 'fold', input: name, folds, fold, sequence })),
  ]);
  return combineFolds(data, folds, path as PenalisedPath, results as FoldResult[]);
}

async function bootstrap(pool: Piscina, name: string): Promise<unknown> {
  const { data, covariates } = readInput(name, new Int32Array(0));
  const problem = validationProblem(data, covariates);
  const starts = Array.from({ length: RESAMPLES / SHARE }, (_, part) => part * SHARE);
  const samples = await Promise.all(
    starts.map((from) => pool.run({ part: 'resamples', problem, from, to: from + SHARE } satisfies Part)),
  );
  return combineValidation(problem, (samples as OptimismSample[][]).flat());
}

/** How much faster two threads are than one, in turns, and whether the results are the same to the bit. */
export async function timeThreads(rounds: number): Promise<void> {
  const pools = [1, 2].map(
    (count) =>
      new Piscina({
        filename: new URL('./part.worker.ts', import.meta.url).href,
        minThreads: count,
        maxThreads: count,
        concurrentTasksPerWorker: 1,
      }),
  );
  for (const [work, run, input] of [
    ['cross-validation, 10 folds, n = 73, p = 1,217', crossValidation, 'cv_73x1217'],
    [`bootstrap validation, ${RESAMPLES} resamples, n = 2,000, p = 20`, bootstrap, 'step_2000x20'],
  ] as const) {
    const ratios: number[] = [];
    const costs: number[] = [];
    let same = true;
    for (let round = -WARM_UP; round < rounds; round++) {
      const seconds: number[] = [];
      const processor: number[] = [];
      const results: unknown[] = [];
      for (const pool of pools) {
        const before = process.cpuUsage();
        const started = performance.now();
        results.push(await run(pool, input));
        seconds.push((performance.now() - started) / 1000);
        const { user, system } = process.cpuUsage(before);
        processor.push(user + system);
      }
      same &&= isDeepStrictEqual(results[0], results[1]);
      // The first rounds let V8 compile, in each thread for itself.
      if (round < 0) continue;
      ratios.push(seconds[0] / seconds[1]);
      costs.push(processor[1] / processor[0]);
    }
    for (const list of [ratios, costs]) list.sort((a, b) => a - b);
    const median = ratios[ratios.length >> 1].toFixed(2);
    const range = `${ratios[0].toFixed(2)}–${ratios[ratios.length - 1].toFixed(2)}`;
    const cost = costs[costs.length >> 1].toFixed(2);
    console.log(
      `${work}: two threads against one ${median}× (${range}), target 1.8×; processor time ${cost} of one thread's; results ${same ? 'the same to the bit' : 'DIFFER'}`,
    );
    if (!same) process.exitCode = 1;
  }
  for (const pool of pools) await pool.close({ force: true });
}
