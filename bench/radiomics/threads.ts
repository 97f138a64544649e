import { parseParameters } from '../../src/engine/radiomics/index.ts';
import { Threads } from '../../src/jobs/threads.ts';
import { hashFile } from '../../src/store/object-store.ts';
import { benchCases } from './cases.ts';

/** How much faster two threads extract a batch of regions than one, and that the values are the same to the bit. */
export async function timeThreads(rounds: number): Promise<string> {
  const [bench] = await benchCases();
  const [image, mask] = await Promise.all(
    [bench.image, bench.mask].map(async (path) => ({ path, sha256: await hashFile(path) })),
  );
  const profile = parseParameters(bench.parameters, 'bench');
  // At a batch's end one thread waits for the other for up to a region: of 16 that would be a twentieth of the time, where a cohort has hundreds.
  const batch = 64;
  const results = new Map<number, string>();
  const seconds: Record<number, number[]> = { 1: [], 2: [] };
  const pools = [1, 2].map((count) => new Threads(count));
  // Each thread, not each pool, is warmed by a batch: what V8 still compiles is no part of what a thread gives.
  for (const threads of pools) {
    await Promise.all(
      Array.from({ length: batch * threads.count }, () =>
        threads.extract({ image, mask, label: 1, profile }),
      ),
    );
  }
  for (let round = 0; round < rounds; round++) {
    for (const threads of pools) {
      const started = performance.now();
      const extracted = await Promise.all(
        Array.from({ length: batch }, () => threads.extract({ image, mask, label: 1, profile })),
      );
      seconds[threads.count].push((performance.now() - started) / 1000);
      results.set(threads.count, Buffer.from(extracted[batch - 1].values.buffer).toString('base64'));
    }
  }
  for (const threads of pools) await threads.stop();
  const ratios = seconds[1].map((one, round) => one / seconds[2][round]).sort((a, b) => a - b);
  const best = Math.min(...seconds[1]) / Math.min(...seconds[2]);
  const same = results.get(1) === results.get(2) ? 'the same to the bit' : 'DIFFERENT';
  return `${batch} regions, two threads against one: ${ratios[ratios.length >> 1].toFixed(2)}× (median; best against best ${best.toFixed(2)}×), values ${same}`;
}
