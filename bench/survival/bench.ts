// Times the survival engine against R on the same inputs, in one run, one thread each, taking turns.
// `npm run bench:survival`, or with `-- --short` for a quick look, `-- --only stepwise` for the cases so named.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchCase, benchCases, type Input, readInput } from './cases.ts';
import { type R, type Run, startR, type Values } from './peer.ts';
import { timeThreads } from './threads.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    short: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
  },
});
const rounds = options.short ? 1 : Number(options.rounds);
const chosen = (name: string) =>
  options.only?.some((part) => name.toLowerCase().includes(part.toLowerCase())) ?? true;
const cases = benchCases.filter(({ name, long }) => chosen(name) && !(options.short && long));

function ours(bench: BenchCase, input: Input): Run {
  const before = process.cpuUsage();
  const started = performance.now();
  const values = bench.run(input);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { seconds, processor: (user + system) / 1e6, values };
}

/** The greatest relative difference of each value; lists are compared over the length of the shorter. */
function disagreements(bench: BenchCase, own: Values, other: Values): string[] {
  const found = Object.entries(bench.tolerance).map(([name, tolerance]) => {
    const a = numbers(own[name]);
    const b = numbers(other[name]);
    let size = 0;
    let difference = 0;
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      if (!Number.isFinite(b[i])) continue;
      size = Math.max(size, Math.abs(b[i]));
      difference = Math.max(difference, Math.abs(a[i] - b[i]));
    }
    const relative = difference / size;
    return `${name} ${relative.toExponential(1)}${relative <= tolerance ? '' : ` DIFFERS (over ${tolerance})`}`;
  });
  if (other.terms && own.terms && String(own.terms) !== String(other.terms)) found.push('terms DIFFER');
  return found;
}

function numbers(value: unknown): number[] {
  return typeof value === 'number'
    ? [value]
    : Array.from(value as ArrayLike<number | null>, (v) => v ?? Number.NaN);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

async function compare(bench: BenchCase, r: R): Promise<void> {
  const isPenalised = bench.task.startsWith('cv');
  const input = readInput(bench.input, isPenalised ? await r.folds(rowsOf(bench)) : new Int32Array(0));
  const first = ours(bench, input);
  const other = await r.run(bench.task);
  const lambda = isPenalised ? { lambda: await r.penalties(bench.task) } : {};
  const agreement = disagreements(bench, first.values, { ...other.values, ...lambda });
  console.log(`${bench.name}: ${agreement.join(', ')}`);
  if (agreement.some((line) => line.includes('DIFFER'))) process.exitCode = 1;
  const once = bench.long || options.short;
  // V8 compiles what is hot as it goes; a second of work, or one run that is longer, is compiled code.
  for (let spent = first.seconds; spent < 1; ) spent += ours(bench, input).seconds;
  const own: Run[] = [];
  const theirs: Run[] = [];
  for (let round = 0; round < (bench.long ? 1 : rounds); round++) {
    theirs.push(once ? other : await r.run(bench.task));
    own.push(ours(bench, input));
  }
  for (const [label, key] of [
    ['by the clock', 'seconds'],
    ['processor   ', 'processor'],
  ] as const) {
    const a = own.map((run) => run[key]);
    const b = theirs.map((run) => run[key]);
    const ratios = b.map((seconds, round) => seconds / a[round]);
    const range =
      ratios.length > 1 ? ` (${Math.min(...ratios).toFixed(1)}–${Math.max(...ratios).toFixed(1)})` : '';
    console.log(
      `  ${label}: ours ${median(a).toPrecision(3)} s, R ${median(b).toPrecision(3)} s, ratio ${median(ratios).toFixed(1)}×${range}, target ${bench.target}×`,
    );
  }
}

function rowsOf({ input }: BenchCase): number {
  return Number(/_(\d+)x/.exec(input)?.[1]);
}

const r = await startR(benchCases.map(({ input }) => input));
if (r) {
  console.log(
    `Nomograph against ${r.version}; one thread each, in turns; medians (ranges) of ${rounds} rounds; differences are relative to the greatest value.\n`,
  );
  for (const bench of cases) await compare(bench, r);
  r.stop();
}
if (!options.short && r && chosen('threads')) await timeThreads(rounds);
if (!options.short && chosen('million')) {
  const script = join(import.meta.dirname, 'million.ts');
  for (const rows of [250_000, 500_000, 1_000_000]) {
    const child = spawnSync(process.execPath, [script, String(rows)], { encoding: 'utf8' });
    console.log(child.stdout.trim() || child.stderr.trim());
  }
}
