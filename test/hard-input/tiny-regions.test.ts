import { createHash } from 'node:crypto';
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

interface Run {
  /** A digest of all that came of each region, values by their bits. */
  readonly outcomes: readonly string[];
  readonly refused: number;
  /** What is not as it should be. */
  readonly complaints: readonly string[];
  /** Of the process, in MiB, as the regions were done. */
  readonly memory: readonly number[];
}

/** Nothing of an outcome is kept but its digest, so that memory tells of the extraction alone. */
async function extractAll(count: number): Promise<Run> {
  const threads = new Threads(count);
  const memory: number[] = [];
  const complaints: string[] = [];
  let refused = 0;
  const extract = async (task: ExtractTask): Promise<string> => {
    try {
      const features = await threads.extract(task);
      complaints.push(...flawsOf(features, task));
      const { values, diagnostics, warnings } = features;
      return digest([
        Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex'),
        diagnostics,
        warnings,
      ]);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      refused++;
      if (error.code !== 'ROI_TOO_SMALL') complaints.push(`${task.label} of ${task.mask.path}: ${error}`);
      return digest([error.code, error.message, error.details]);
    } finally {
      memory.push(process.memoryUsage().rss / 2 ** 20);
    }
  };
  try {
    const outcomes = await Promise.all(tasks.map(extract));
    return { outcomes, refused, complaints, memory };
  } finally {
    await threads.stop();
  }
}

const digest = (value: unknown) => createHash('sha1').update(JSON.stringify(value)).digest('hex');

/** Values that are no numbers and of which no warning says so. */
function flawsOf({ values, warnings }: ExtractedFeatures, { profile, mask, label }: ExtractTask): string[] {
  const names = profileFeatureNames(profile);
  if (names.length !== values.length) return [`${values.length} values, not ${names.length}`];
  const undefinedOnes = new Set(
    warnings.filter(({ code }) => code === 'FEATURE_UNDEFINED').map(({ subject }) => subject),
  );
  return names
    .filter((name, n) => !Number.isFinite(values[n]) && !(Number.isNaN(values[n]) && undefinedOnes.has(name)))
    .map((name) => `${label} of ${mask.path}: ${name} without a warning`);
}

test('tiny regions, on the edges too, come out the same on one thread and on two, in bounded memory', {
  timeout: 60_000 * (1 + volumes),
}, async () => {
  const two = await extractAll(2);
  const one = await extractAll(1);
  expect([...two.complaints, ...one.complaints]).toEqual([]);
  expect(tasks.filter((_, n) => one.outcomes[n] !== two.outcomes[n])).toEqual([]);
  // Voxels by themselves, some of them cut off from their line or pair by the image's edge.
  expect(one.refused).toBeGreaterThan(0);
  expect(one.refused).toBeLessThan(0.2 * tasks.length);
  const half = tasks.length / 2;
  const [early, late] = [two.memory.slice(0, half), two.memory.slice(half)].map((part) => Math.max(...part));
  if (process.env.NOMOGRAPH_TINY_REGIONS) {
    const said = `${tasks.length - one.refused} regions extracted, ${one.refused} refused`;
    console.log(`${said}; at most ${early.toFixed()} MiB up to the half, then ${late.toFixed()}`);
  }
  expect(late).toBeLessThan(1024);
  // A heap is filled before it is swept: only over many regions can it be seen to be flat.
  if (tasks.length >= 1000) expect(late).toBeLessThan(1.15 * early);
});
