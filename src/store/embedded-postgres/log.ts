import { constants } from 'node:fs';
import { open, readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

const limit = 4 << 20;

/** What the server and the programs around it say. */
export function logFile(dataDirectory: string): string {
  return join(dataDirectory, 'server.log');
}

/** Opens the log, emptied when it has grown long, for programs to append to while `work` lasts. */
export async function withLog<T>(dataDirectory: string, work: (file: number) => Promise<T>): Promise<T> {
  const path = logFile(dataDirectory);
  const file = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o600);
  try {
    if ((await stat(path)).size > limit) await truncate(path);
    return await work(file.fd);
  } finally {
    await file.close();
  }
}

/** The last lines, for a message that must say why nothing runs. */
export async function logTail(dataDirectory: string): Promise<string> {
  const text = await readFile(logFile(dataDirectory), 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-8).join('\n');
}
