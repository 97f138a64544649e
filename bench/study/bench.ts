// Times the paper's whole study on the synthetic cohort, on worker threads as the server runs it.
// `npm run bench:study`; `-- --null` shuffles the outcomes of twenty seeds instead, `-- --short` is a quick look.
import { parseArgs } from 'node:util';
import type { StudyData, StudyResult, StudySpecification } from '../../src/engine/study/index.ts';
import { runStudyInThreads } from '../../src/jobs/study-threads.ts';
import { Threads } from '../../src/jobs/threads.ts';
import { jsonHash } from '../../src/store/content-key.ts';
import { syntheticStudy } from './cohort.ts';
import { shuffledOutcomes } from './shuffled-outcomes.ts';

const { values: options } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    null: { type: 'boolean', default: false },
    seed: { type: 'string', default: '13' },
    seeds: { type: 'string', default: '20' },
    replicates: { type: 'string', default: '200' },
  },
});
const threadCount = 2;
const { data, specification, seconds } = await syntheticStudy(Number(options.seed), threadCount);
if (seconds !== null) console.log(`1,218 regions extracted, two threads: ${seconds.toFixed(1)} s`);

async function run(
  threads: Threads,
  given: StudyData,
  study: StudySpecification,
): Promise<{ result: StudyResult; seconds: number }> {
  const started = performance.now();
  const work = { runId: `${started}`, data: given, specification: study };
  const result = await runStudyInThreads(threads, work, () => {}, new AbortController().signal);
  return { result, seconds: (performance.now() - started) / 1000 };
}

function show({ endpoints }: StudyResult): void {
  for (const { endpoint, models } of endpoints) {
    for (const { name, failure, result } of models) {
      const c = result?.concordance.map(
        ({ subset, estimate }) => `${subset.toLowerCase()} ${estimate?.toFixed(3)}`,
      );
      const { corrected, lower, upper } = result?.pipelineOptimism ?? {};
      const limits =
        corrected === undefined
          ? ''
          : `corrected ${corrected.toFixed(3)} (${lower?.toFixed(3)}–${upper?.toFixed(3)})`;
      console.log(`  ${endpoint} ${name.padEnd(15)} ${failure ? failure.code : c?.join(', ')} ${limits}`);
    }
  }
}

const threads = new Threads(threadCount);
if (options.null) {
  await shuffledOutcomes(
    (given, study) => run(threads, given, study),
    data,
    { ...specification, pipelineReplicates: Number(options.replicates) },
    Number(options.seeds),
  );
} else {
  const plain = await run(threads, data, specification);
  console.log(`five models, two endpoints, 7,302 candidates: ${plain.seconds.toFixed(1)} s`);
  show(plain.result);
  const repeated = { ...specification, pipelineReplicates: options.short ? 2 : Number(options.replicates) };
  const corrected = await run(threads, data, repeated);
  console.log(
    `with ${repeated.pipelineReplicates} resamples of the whole selection, two threads: ${corrected.seconds.toFixed(1)} s`,
  );
  show(corrected.result);
  const few = { ...specification, pipelineReplicates: 2 };
  const one = new Threads(1);
  const hashes = [await run(one, data, few), await run(threads, data, few)].map(({ result }) =>
    jsonHash(result),
  );
  await one.stop();
  console.log(
    `one thread and two: ${hashes[0] === hashes[1] ? 'the same result to the bit' : 'DIFFERENT RESULTS'} (${hashes[0].slice(0, 12)})`,
  );
  if (hashes[0] !== hashes[1]) process.exitCode = 1;
}
await threads.stop();
