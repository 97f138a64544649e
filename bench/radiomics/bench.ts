// Times feature extraction against PyRadiomics on the same files, in one run, one thread each, taking turns.
// `npm run bench:radiomics`, or with `-- --rounds 1 --short` for a quick look.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { extractFeatures, parseProfile } from '../../src/engine/radiomics/index.ts';
import { readImageFile } from '../../src/store/image-file.ts';
import { type BenchCase, benchCases, fourteenImages, largeVolume } from './cases.ts';
import { type Extraction, startPyRadiomics } from './peer.ts';
import { timeThreads } from './threads.ts';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, short: { type: 'boolean', default: false } },
});
const rounds = Number(options.rounds);

async function ours({ image, mask, parameters }: BenchCase): Promise<Extraction> {
  const started = performance.now();
  const before = process.cpuUsage();
  const [imageFile, maskFile] = [await readImageFile(image), await readImageFile(mask)];
  const steps = extractFeatures(imageFile.volume, maskFile.volume, parseProfile(parameters, 'bench'), {});
  let step = steps.next();
  while (!step.done) step = steps.next();
  const { names, values } = step.value;
  const { user, system } = process.cpuUsage(before);
  return {
    seconds: (performance.now() - started) / 1000,
    processor: (user + system) / 1e6,
    values: Object.fromEntries(names.map((name, index) => [name, values[index]])),
  };
}

interface Times {
  readonly ours: number[];
  readonly theirs: number[];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The greatest relative difference: Laplacians of Gaussian are single precision on both sides, the rest is double. */
function disagreement(a: Extraction, b: Extraction): { exact: number; float32: number; compared: number } {
  const result = { exact: 0, float32: 0, compared: 0 };
  for (const [name, value] of Object.entries(b.values)) {
    const found = a.values[name];
    if (found === undefined) continue;
    const difference = Math.abs(found - value) / Math.max(Math.abs(value), 1e-12);
    const kind = name.startsWith('log-sigma') ? 'float32' : 'exact';
    result[kind] = Math.max(result[kind], difference);
    result.compared++;
  }
  return result;
}

const peer = await startPyRadiomics();
console.log(
  `Nomograph against PyRadiomics ${peer?.version ?? '(absent)'}, one thread each, ${rounds} rounds after one to warm up; seconds are medians.\n`,
);
const cases = (await benchCases()).filter((_case, index) => !options.short || index === 0);
for (const bench of cases) {
  const clock: Times = { ours: [], theirs: [] };
  const processor: Times = { ours: [], theirs: [] };
  for (let round = 0; round <= rounds; round++) {
    const own = await ours(bench);
    const other = await peer?.extract(bench.image, bench.mask, bench.parameters);
    if (round === 0) {
      const report = other && disagreement(own, other);
      console.log(
        `${bench.name}: ${Object.keys(own.values).length} features${report ? `, ${report.compared} compared, greatest relative difference ${report.exact.toExponential(1)} (LoG ${report.float32.toExponential(1)})` : ''}`,
      );
      continue;
    }
    clock.ours.push(own.seconds);
    processor.ours.push(own.processor);
    if (other) {
      clock.theirs.push(other.seconds);
      processor.theirs.push(other.processor);
    }
  }
  console.log(`  by the clock: ${comparison(clock)}\n  processor:    ${comparison(processor)}`);
}
peer?.stop();

function comparison({ ours: own, theirs }: Times): string {
  const ratios = theirs.map((seconds, round) => seconds / own[round]);
  const ratio = `${median(ratios).toFixed(1)}× (${Math.min(...ratios).toFixed(1)}–${Math.max(...ratios).toFixed(1)})`;
  const other = theirs.length > 0 ? `, PyRadiomics ${median(theirs).toFixed(3)} s, ratio ${ratio}` : '';
  return `ours ${median(own).toFixed(3)} s${other}`;
}

if (!options.short) {
  console.log(`\n${await timeThreads(rounds)}`);
  const { image, mask } = largeVolume([512, 512, 300]);
  const child = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'memory.ts'), image, mask, JSON.stringify({ imageType: fourteenImages })],
    { encoding: 'utf8' },
  );
  console.log(child.stdout.trim() || child.stderr.trim());
}
