import { Command } from 'commander';
import { readyQuery } from '../api/sandbox.ts';
import { readConfig } from '../config.ts';
import { Failure } from '../engine/failure.ts';
import { createLog } from '../log.ts';
import { type Nomograph, startNomograph } from '../server.ts';
import { syntheticCohort } from '../synthetic/cohort.ts';
import { followJob } from './demo/follow-job.ts';
import { GraphClient } from './demo/graph-client.ts';
import * as operations from './demo/operations.ts';
import { formatPerformance } from './demo/performance-table.ts';
import { type CompletedStudy, runDemoStudy } from './demo/run-study.ts';
import { uploadCohort } from './demo/upload-cohort.ts';
import { untilInterrupted } from './interrupt.ts';
import { ProgressBar } from './progress-bar.ts';
import { wholeNumber } from './whole-number.ts';

interface DemoOptions {
  readonly exit?: boolean;
  readonly json?: boolean;
  readonly seed: number;
}

export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'Start everything, make a synthetic cohort, upload it, extract features, run a study, and show what comes out.',
    )
    .option('--exit', 'end when the result is there, instead of staying up')
    .option('--json', 'print the result alone, as JSON, and end')
    .option('--seed <number>', 'seed of the synthetic cohort', wholeNumber(0), 13)
    .action(async (options: DemoOptions) => {
      const interrupted = untilInterrupted();
      const nomograph = await start();
      try {
        const finished = await Promise.race([interrupted.then(() => null), show(nomograph, options)]);
        if (!finished) {
          process.exitCode = 1;
          return;
        }
        if (options.json) process.stdout.write(`${JSON.stringify(finished, null, 2)}\n`);
        else process.stdout.write(`\n${formatPerformance(finished.models)}\n`);
        if (options.exit || options.json) return;
        process.stdout.write(invitation(nomograph, finished));
        await interrupted;
      } finally {
        await nomograph.stop();
      }
    });
}

/** On the usual port, or on any free one where that is taken. */
async function start(): Promise<Nomograph> {
  const config = { ...readConfig({ ...process.env, NOMOGRAPH_ROLE: 'all' }), logLevel: 'warn' };
  const log = createLog(config.logLevel);
  try {
    return await startNomograph(config, log);
  } catch (error) {
    if (!(error instanceof Failure) || error.details.setting !== 'NOMOGRAPH_PORT') throw error;
    return startNomograph({ ...config, port: 0 }, log);
  }
}

async function show({ url, token }: Nomograph, options: DemoOptions): Promise<CompletedStudy> {
  const { seed } = options;
  const cohort = syntheticCohort({ seed });
  const client = new GraphClient(url as string, token);
  try {
    const cohortId = await uploadCohort(client, `synthetic-hcc-${seed}`, cohort);
    await extract(client, cohortId);
    return await runDemoStudy(client, cohortId, cohort);
  } finally {
    await client.close();
  }
}

async function extract(client: GraphClient, cohortId: string): Promise<void> {
  const { extractFeatures } = await client.run<{ extractFeatures: { id: string } }>(
    operations.extractFeatures,
    { input: { cohortId } },
  );
  const bar = new ProgressBar('Extracting features', 'regions');
  const end = await followJob(client, extractFeatures.id, (event) => {
    if (event.__typename === 'JobProgress') bar.update(event.done as number, event.total as number);
  });
  process.stderr.write(
    `${end.extracted} regions extracted, ${end.known} known already, ${end.failed} failed\n`,
  );
}

function invitation({ url, token }: Nomograph, { report }: CompletedStudy): string {
  return `
Nomograph is up at ${url} and will stay until Ctrl-C.

  Sign in with a browser:  ${url}/sign-in#${token}
  Sign in with a program:  Authorization: Bearer ${token}

The study's report, for whoever is signed in, with its tables, figures and methods:

  ${url}${report}

A query to begin with:

  curl -s ${url}/graphql -H 'content-type: application/json' -H 'authorization: Bearer ${token}' \\
    -d '${JSON.stringify({ query: readyQuery.replace(/\s+/g, ' ').trim() })}'
`;
}
