import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { createSchema, printSdl } from '../api/schema.ts';
import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { openStore, startNomograph } from '../server.ts';
import { untilInterrupted } from './interrupt.ts';
import { wholeNumber } from './whole-number.ts';

export function serveCommand(): Command {
  return new Command('serve')
    .description(
      'Start the server: the graph, uploads, and the workers of jobs. Settings come from the environment (see README).',
    )
    .option(
      '--port <number>',
      'port to listen on, 0 for any free one (NOMOGRAPH_PORT)',
      wholeNumber(0, 65535),
    )
    .option('--host <address>', 'address to listen on (NOMOGRAPH_HOST)')
    .option('--data <folder>', 'where database and objects live (NOMOGRAPH_DATA)')
    .addOption(
      new Option('--role <role>', 'what this process does (NOMOGRAPH_ROLE)').choices([
        'all',
        'api',
        'worker',
      ]),
    )
    .action(async (options: { port?: number; host?: string; data?: string; role?: string }) => {
      const { port, host, data, role } = options;
      const config = readConfig({
        ...process.env,
        ...(port !== undefined && { NOMOGRAPH_PORT: String(port) }),
        ...(host && { NOMOGRAPH_HOST: host }),
        ...(data && { NOMOGRAPH_DATA: data }),
        ...(role && { NOMOGRAPH_ROLE: role }),
      });
      const interrupted = untilInterrupted();
      const nomograph = await startNomograph(config);
      if (nomograph.url) process.stdout.write(`${nomograph.url}/graphql\n`);
      await interrupted;
      await nomograph.stop();
    });
}

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('Bring the database to the newest schema, and say which migrations ran.')
    .action(async () => {
      const config = readConfig(process.env);
      const log = createLog(config.logLevel);
      const store = await openStore(config, log);
      process.stdout.write('the database is up to date\n');
      await store.shutdown.run(log);
    });
}

export function schemaCommand(): Command {
  return new Command('schema')
    .description("Print the graph's schema as SDL.")
    .option('--out <file>', 'write it to a file instead')
    .action(async ({ out }: { out?: string }) => {
      const sdl = printSdl(await createSchema());
      if (out) await writeFile(out, sdl);
      else process.stdout.write(sdl);
    });
}
