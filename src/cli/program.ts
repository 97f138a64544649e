import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import packageFile from '../../package.json' with { type: 'json' };
import { Failure } from '../engine/failure.ts';
import { auditCommand } from './audit.ts';
import { configCommand } from './config.ts';
import { coxCommand } from './cox.ts';
import { demoCommand } from './demo.ts';
import { eventsCommand } from './events.ts';
import { exportCommand } from './export.ts';
import { extractCommand } from './extract.ts';
import { importCommand } from './import.ts';
import { mockCommand } from './mock.ts';
import { migrateCommand, schemaCommand, serveCommand } from './serve.ts';
import { studyCommand } from './study.ts';

const commands = [
  serveCommand,
  demoCommand,
  mockCommand,
  migrateCommand,
  extractCommand,
  coxCommand,
  studyCommand,
  importCommand,
  exportCommand,
  eventsCommand,
  auditCommand,
  schemaCommand,
  configCommand,
];

/** The `nomograph` program with every command; a wrong use throws a `CommanderError` instead of ending the process. */
export function createProgram(): Command {
  const program = new Command('nomograph')
    .description('A GraphQL data platform for imaging prognosis.')
    .version(packageFile.version);
  for (const create of commands) program.addCommand(create());
  for (const command of [program, ...program.commands].flatMap((each) => [each, ...each.commands])) {
    command.exitOverride().showHelpAfterError('(add --help for what the command takes)');
  }
  return program;
}

/** Runs the program; gives its exit code: 0, 1 after a failure, 2 after a wrong use. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    process.stderr.write(`${describeError(error)}\n`);
    return 1;
  }
}

function describeError(error: unknown): string {
  if (error instanceof Failure) return `${error.code}: ${error.message}`;
  const { code, path } = error as NodeJS.ErrnoException;
  // A file named on the command line that cannot be written is the user's to mend, not a defect.
  if (path && code && /^(EACCES|EEXIST|EISDIR|ENOENT|ENOSPC|ENOTDIR|EPERM|EROFS)$/.test(code)) {
    return `FILE_UNREADABLE: ${path} cannot be opened (${code})`;
  }
  return `INTERNAL: ${inspect(error)}`;
}
