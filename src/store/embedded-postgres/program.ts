import { spawn } from 'node:child_process';
import { Failure } from '../../engine/failure.ts';
import type { Account } from './account.ts';

/** What a program of PostgreSQL needs of the environment; a user's PG… variables would lead it elsewhere. */
const environment = Object.fromEntries(
  ['PATH', 'SystemRoot', 'SystemDrive', 'ComSpec', 'TEMP', 'TMP'].flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  ),
);

/** Runs one of PostgreSQL's programs inside `folder`, its output appended to the file `log`; returns its exit status. */
export function runProgram(
  program: string,
  folder: string,
  account: Account,
  log: number,
  args: readonly string[],
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...environment, LC_ALL: 'C' },
      // A server inherits the file, not a pipe: it outlives this process.
      stdio: ['ignore', log, log],
      windowsHide: true,
      ...account,
    });
    child.once('error', (error) =>
      reject(
        new Failure('CONFIG_INVALID', `PostgreSQL's program ${program} cannot be run: ${error.message}.`, {
          path: program,
        }),
      ),
    );
    child.once('exit', (status, signal) => resolve(status ?? (signal ? 1 : 0)));
  });
}
