import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { untilInterrupted } from './interrupt.ts';
import { mockCohortKey } from './mock/mock-cohort.ts';
import { startMock } from './mock/start-mock.ts';
import { wholeNumber } from './whole-number.ts';

/** No secret: it opens made-up data, on this machine alone. */
const mockToken = 'mock-token-of-nobody';

export function mockCommand(): Command {
  return new Command('mock')
    .description(
      'Start a server for front ends in development: the real graph over a made-up cohort with features and a study, and jobs that need no image and always tell the same. What it holds is gone when it ends.',
    )
    .option('--port <number>', 'port to listen on, 0 for any free one', wholeNumber(0, 65535), 4000)
    .option('--seed <number>', 'seed of all that is made up', wholeNumber(0), 13)
    .option('--patients <number>', 'patients of the cohort', wholeNumber(40, 1000), 103)
    .option('--pace <milliseconds>', 'pause before each event of a job', wholeNumber(0, 60_000), 0)
    .action(async (options: { port: number; seed: number; patients: number; pace: number }) => {
      const interrupted = untilInterrupted();
      const folder = await mkdtemp(join(tmpdir(), 'nomograph-mock-'));
      // The embedded database may run as another user, who has to reach its part of the folder.
      await chmod(folder, 0o755);
      try {
        // None of the settings of a real server: not its database, and not its data.
        const config = readConfig({
          NOMOGRAPH_DATA: folder,
          NOMOGRAPH_PORT: String(options.port),
          NOMOGRAPH_TOKEN: mockToken,
          NOMOGRAPH_LOG_LEVEL: process.env.NOMOGRAPH_LOG_LEVEL ?? 'warn',
        });
        const nomograph = await startMock(config, createLog(config.logLevel), options);
        process.stdout.write(
          `MOCK: nothing here is of a patient, no feature of an image.\n${nomograph.url}/graphql\ntoken: ${nomograph.token}\ncohort: ${mockCohortKey}\n`,
        );
        await interrupted;
        await nomograph.stop();
      } finally {
        await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
      }
    });
}
