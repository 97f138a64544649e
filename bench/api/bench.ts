// Times the graph against PostGraphile and a bare Apollo server on the same PostgreSQL, in one run, taking turns.
// `npm run bench:api`, or with `-- --short` for a quick look, `-- --check` to compare the answers alone; `-- --profile <folder>` keeps a profile of Nomograph's processor time.
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { type BenchCase, createKey, matrixCase, pageCase, type Servers } from './cases.ts';
import { seed, startDatabase } from './database.ts';
import { type Call, drive, type Round, send } from './load.ts';
import { startBare, startNomograph, startPostgraphile } from './servers.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    short: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    only: { type: 'string' },
    profile: { type: 'string' },
  },
});
const rounds = options.short ? 1 : Number(options.rounds);
const seconds = Number(options.seconds);

async function compare({ name, target, connections, warmUp, contenders }: BenchCase): Promise<void> {
  const calls: readonly Call[] = contenders.map(({ call }) => call);
  const answers: unknown[] = [];
  for (const { call, read } of contenders) answers.push(read(await send(call)));
  const differs = contenders.filter((_contender, place) => !isDeepStrictEqual(answers[place], answers[0]));
  const others = differs.map(({ call }) => call.server.name).join(', ');
  console.log(`\n${name}: ${others ? `the answers of ${others} DIFFER` : 'the answers agree'}`);
  if (others) process.exitCode = 1;
  if (options.check) return;
  // What is hot gets compiled, and caches of documents and plans fill.
  for (const call of calls) await drive(call, connections, seconds, warmUp);
  const measured: Round[][] = calls.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const place of turn(calls.length, round))
      measured[place].push(await drive(calls[place], connections, seconds));
  for (const [place, { server }] of calls.entries()) {
    const own = measured[place].map(({ perSecond }) => perSecond);
    const processor = measured[place].flatMap((round) => round.processor ?? []);
    const taken =
      processor.length > 0
        ? `, each ${median(processor.map(({ server }) => server)).toPrecision(3)} ms of processor and ${median(processor.map(({ database }) => database)).toPrecision(3)} of the database's`
        : '';
    const against = place === 0 ? '' : compared(measured[0], measured[place], target[server.name]);
    console.log(`  ${server.name}: ${median(own).toPrecision(3)} requests/s${taken}${against}`);
  }
}

/** How many times as many requests Nomograph answers: by the clock, and for the same time of the processor, the database's included. */
function compared(own: readonly Round[], theirs: readonly Round[], target: number): string {
  const shown = (ratios: readonly number[]) =>
    `${median(ratios).toFixed(2)}× (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
  const clock = shown(own.map(({ perSecond }, round) => perSecond / theirs[round].perSecond));
  const processor = own.flatMap(({ processor: mine }, round) => {
    const other = theirs[round].processor;
    return mine && other ? [(other.server + other.database) / (mine.server + mine.database)] : [];
  });
  const byProcessor = processor.length > 0 ? `, ${shown(processor)} by the processor` : '';
  return `; Nomograph ${clock} as many${byProcessor}, target ${target}×`;
}

/** The places in order, each round beginning with the next. */
function turn(length: number, round: number): number[] {
  return Array.from({ length }, (_value, place) => (place + round) % length);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// The servers end with this process, however it ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const adminKey = randomBytes(24).toString('hex');
const database = await startDatabase();
const nomograph = await startNomograph(database.url, adminKey, options.profile && resolve(options.profile));
const { profileId } = await seed(database.url);
const bare = await startBare(database.url);
const postgraphile = await startPostgraphile(database.url);
const servers: Servers = { nomograph, bare, postgraphile, databasePid: database.pid };
const secret = await createKey(servers, adminKey);
if (!options.check)
  console.log(
    `Medians (ranges) of ${rounds} rounds of ${seconds} s; Nomograph by an API key of an analyst of the cohorts, with rights, limits and audit as \`serve\` has them.`,
  );
const cases = [await pageCase(servers, secret), matrixCase(servers, secret, profileId)];
for (const bench of cases) if (!options.only || bench.name.includes(options.only)) await compare(bench);
for (const server of [nomograph, bare, postgraphile]) await server?.stop();
await database.stop();
process.exit();
