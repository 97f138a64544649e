import type { RequestHandler } from 'express';
import { MigrationExecutor } from 'typeorm';
import type { Platform } from './context.ts';

/** A job that waits longer for a worker than this says that none is there, or that they do not keep up. */
const maxQueueLagSeconds = 15 * 60;
const databaseTimeout = 2_000;

/** Answers as long as the process does. */
export const live: RequestHandler = (_request, response) => {
  response.json({ status: 'live' });
};

/** Whether requests should be sent here: 200 if every check passes, else 503. Anybody may ask, so figures are in /metrics alone. */
export function ready(platform: Platform): RequestHandler {
  return async (_request, response) => {
    const database = await answers(platform);
    const migrations = database && (await hasNoPendingMigrations(platform));
    const queue = database && (await queueLag(platform)) <= maxQueueLagSeconds;
    const isReady = database && migrations && queue;
    const checks = { database, migrations, queue };
    response.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'not ready', checks });
  };
}

function answers({ dataSource }: Platform): Promise<boolean> {
  return Promise.race([
    dataSource.query('select 1').then(
      () => true,
      () => false,
    ),
    new Promise<false>((resolve) => setTimeout(resolve, databaseTimeout, false).unref()),
  ]);
}

async function hasNoPendingMigrations({ dataSource }: Platform): Promise<boolean> {
  return (await new MigrationExecutor(dataSource).getPendingMigrations()).length === 0;
}

/** For how many seconds the oldest job in the queue has waited; 0 where none waits. */
export async function queueLag({ dataSource }: Platform): Promise<number> {
  const [{ seconds }]: { seconds: number | null }[] = await dataSource.query(
    "select extract(epoch from now() - min(created_at))::float8 as seconds from job where state = 'QUEUED'",
  );
  return seconds ?? 0;
}
