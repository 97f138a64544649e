import { Command } from 'commander';
import { readConfig } from '../config.ts';

/** Settings that nobody should read off a terminal. */
const secrets = /token|key|secret|password|databaseUrl/i;

export function configCommand(): Command {
  return new Command('config')
    .description(
      'Check the settings in the environment and print what the program makes of them, secrets aside.',
    )
    .action(() => {
      const shown = Object.fromEntries(
        Object.entries(readConfig(process.env)).map(([name, value]) => [
          name,
          secrets.test(name) && value !== undefined ? '(set)' : (value ?? null),
        ]),
      );
      process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    });
}
