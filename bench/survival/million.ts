// Curves, their comparison and concordance of as many patients as asked for, in a process of its own that prints the most memory it held.

import { readFileSync } from 'node:fs';
import { random } from '../../src/engine/statistics/index.ts';
import { concordance, kaplanMeier, logRank } from '../../src/engine/survival/index.ts';

const rows = Number(process.argv[2]);
const source = random(1, 'bench', rows);
const time = new Float64Array(rows);
const event = new Uint8Array(rows);
const score = new Float64Array(rows);
const group = new Int32Array(rows);
for (let i = 0; i < rows; i++) {
  score[i] = source.normal();
  group[i] = score[i] > 0 ? 1 : 0;
  const death = (-Math.log(source.uniform()) * 1000) / Math.exp(score[i] / 2);
  const censoring = 300 + 3700 * source.uniform();
  // Unrounded: as many distinct times as patients.
  time[i] = Math.min(death, censoring);
  event[i] = death <= censoring ? 1 : 0;
}
const data = { time, event };
const before = peakMemory();
const parts = (
  [
    ['Kaplan–Meier', () => kaplanMeier(data)],
    ['log-rank', () => logRank(data, group)],
    ['C-index', () => concordance(data, score)],
  ] as const
).map(([name, run]) => {
  const started = performance.now();
  run();
  return `${name} ${((performance.now() - started) / 1000).toFixed(2)} s`;
});
const peak = peakMemory();
console.log(
  `${rows.toLocaleString('en')} patients: ${parts.join(', ')}; peak memory ${Math.round(peak / 1024)} MiB, of which ${Math.round(((peak - before) * 1024) / rows)} bytes a patient for the work`,
);

/** The most that this process has held, in KiB. Linux counts what its parent held, before it began, as its own in `maxRSS`. */
function peakMemory(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}
