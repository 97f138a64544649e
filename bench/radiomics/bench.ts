// Times feature extraction against PyRadiomics on the same files, in one run, one thread each, taking turns.
// `npm run bench:radiomics`, or with `-- --rounds 1 --short` for a quick look.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchCases, fourteenImages, largeVolume } from './cases.ts';
import { timeFastPeers } from './fast-peers.ts';
import { extractHere } from './ours.ts';
import { type Extraction, pyRadiomics, startPeer } from './peers.ts';
import { timeThreads } from './threads.ts';
import { Times } from './times.ts';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, short: { type: 'boolean', default: false } },
});
const rounds = Number(options.rounds);

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

const peer = await startPeer(pyRadiomics);
console.log(
  `Nomograph against PyRadiomics ${peer?.version ?? '(absent)'}, one thread each, ${rounds} rounds after one to warm up; seconds are medians.\n`,
);
const cases = (await benchCases()).filter((_case, index) => !options.short || index === 0);
for (const bench of cases) {
  const times = new Times();
  for (let round = 0; round <= rounds; round++) {
    const own = await extractHere(bench.image, bench.mask, bench.parameters);
    const other = await peer?.extract(bench.image, bench.mask, bench.parameters);
    if (round === 0) {
      const report = other && disagreement(own, other);
      console.log(
        `${bench.name}: ${Object.keys(own.values).length} features${report ? `, ${report.compared} compared, greatest relative difference ${report.exact.toExponential(1)} (LoG ${report.float32.toExponential(1)})` : ''}`,
      );
      continue;
    }
    times.add(own, other);
  }
  console.log(times.report('PyRadiomics'));
}
peer?.stop();

if (!options.short) {
  await timeFastPeers(cases, Math.min(rounds, 2));
  console.log(`\n${await timeThreads(rounds)}`);
  const { image, mask, organ } = largeVolume([512, 512, 300]);
  for (const region of [mask, organ]) {
    const child = spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'memory.ts'), image, region, JSON.stringify({ imageType: fourteenImages })],
      { encoding: 'utf8' },
    );
    console.log(child.stdout.trim() || child.stderr.trim());
  }
}
