import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Failure } from '../../src/engine/failure.ts';
import { profileFeatureNames } from '../../src/engine/radiomics/index.ts';
import type { ExtractedFeatures, ExtractTask } from '../../src/jobs/extract.worker.ts';
import { Threads } from '../../src/jobs/threads.ts';
import { regionsPerVolume, tinyRegions } from './tiny-regions.ts';

// The long form: NOMOGRAPH_TINY_REGIONS=2000 npx vitest run test/hard-input/tiny-regions.test.ts
const volumes = Math.ceil(Number(process.env.NOMOGRAPH_TINY_REGIONS ?? 125) / regionsPerVolume);

let folder: string;
const tasks: ExtractTask[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nomograph-tiny-regions-'));
  for (let n = 0; n < volumes; n++) tasks.push(...(await tinyRegions(folder, n)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Outcome = ExtractedFeatures | Failure;

/** The outcome of each region, and the process's memory in MiB after each. */
async function extractAll(count: number): Promise<{ outcomes: Outcome[]; memory: number[] }> {
  const threads = new Threads(count);
  const memory: number[] = [];
  try {
    const outcomes = await Promise.all(
      tasks.map(async (task) => {
        try {
          return await threads.extract(task);
        } catch (error) {
          if (error instanceof Failure) return error;
          throw error;
        } finally {
          memory.push(process.memoryUsage().rss / 2 ** 20);
        }
      }),
    );
    return { outcomes, memory };
  } finally {
    await threads.stop();
  }
}

/** All that an outcome says, values by their bits. */
function saidBy(outcome: Outcome): unknown {
  if (outcome instanceof Failure) return [outcome.code, outcome.message, outcome.details];
  const { values, diagnostics, warnings } = outcome;
  return [
    Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex'),
    diagnostics,
    warnings,
  ];
}

test('tiny regions, on the edges too, come out the same on one thread and on two, in bounded memory', {
  timeout: 60_000 * (1 + volumes),
}, async () => {
  const two = await extractAll(2);
  const one = await extractAll(1);
  const differing = tasks.keys().filter((n) => {
    return JSON.stringify(saidBy(one.outcomes[n])) !== JSON.stringify(saidBy(two.outcomes[n]));
  });
  expect([...differing]).toEqual([]);
  for (const [n, outcome] of one.outcomes.entries()) {
    if (outcome instanceof Failure) {
      expect([n, outcome.code]).toEqual([n, 'ROI_TOO_SMALL']);
      continue;
    }
    const names = profileFeatureNames(tasks[n].profile);
    expect(outcome.values).toHaveLength(names.length);
    const undefinedOnes = new Set(
      outcome.warnings.filter(({ code }) => code === 'FEATURE_UNDEFINED').map(({ subject }) => subject),
    );
    const bare = names.filter((name, at) => {
      const isNumber = Number.isFinite(outcome.values[at]);
      return !isNumber && !(Number.isNaN(outcome.values[at]) && undefinedOnes.has(name));
    });
    expect([n, bare]).toEqual([n, []]);
  }
  // Single voxels are refused, the others are not.
  const refused = one.outcomes.filter((outcome) => outcome instanceof Failure).length;
  expect(refused).toBeLessThan(0.2 * tasks.length);
  const [early, late] = [0.25, 1].map((part) => Math.max(...two.memory.slice(0, part * tasks.length)));
  if (process.env.NOMOGRAPH_TINY_REGIONS) {
    const codes = `${tasks.length - refused} extracted, ${refused} refused`;
    console.log(`${codes}; MiB after a quarter ${early.toFixed()}, at most ${late.toFixed()}`);
  }
  expect(late).toBeLessThan(1024);
  // A heap is filled before it is swept: only over many regions can it be seen to be flat.
  if (tasks.length >= 1000) expect(late).toBeLessThan(1.25 * early);
});
