import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { findPostmaster } from '../../src/store/embedded-postgres/postmaster.ts';

/**
 * Ends the embedded server that works on `dataDirectory`, whoever started it, and waits until it is gone. SIGQUIT ends it
 * at once and in order; SIGKILL is a crash, which leaves its shared memory behind until a next start.
 */
export async function endServer(
  dataDirectory: string,
  signal: 'SIGQUIT' | 'SIGKILL' = 'SIGQUIT',
): Promise<void> {
  const cluster = join(dataDirectory, 'cluster');
  const server = await findPostmaster(cluster);
  if (server) process.kill(server.pid, process.platform === 'win32' ? 'SIGKILL' : signal);
  while (await findPostmaster(cluster)) await setTimeout(20);
}
