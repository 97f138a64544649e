import type { RequestHandler } from 'express';
import { MigrationExecutor } from 'typeorm';
import type { Platform } from './context.ts';

/** A job that waits longer for a worker than this says that none is there, or that they do not keep up. */
const maxQueueLagSeconds = 15 * 60;
const databaseTimeout = 2_000;

/** Whether one part of the program can do its work. */
interface Check {
  readonly ok: boolean;
  /** For an operator: what is wrong, or a figure. */
  readonly detail: string;
}

/** Answers as long as the process does. */
export const live: RequestHandler = (_request, response) => {
  response.json({ status: 'live' });
};

/** Whether requests should be sent here: 200 if every check passes, else 503, with the checks by name. */
export function ready(platform: Platform): RequestHandler {
  return async (_request, response) => {
    const database = await checkDatabase(platform);
    const checks: Record<string, Check> = { database };
    if (database.ok) {
      checks.migrations = await checkMigrations(platform);
      checks.queue = await checkQueue(platform);
    }
    const isReady = Object.values(checks).every(({ ok }) => ok);
    response.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'not ready', checks });
  };
}

async function checkDatabase({ dataSource }: Platform): Promise<Check> {
  const answered = await Promise.race([
    dataSource.query('select 1').then(
      () => true,
      () => false,
    ),
    new Promise<false>((resolve) => setTimeout(resolve, databaseTimeout, false).unref()),
  ]);
  return { ok: answered, detail: answered ? 'answers' : 'does not answer' };
}

async function checkMigrations({ dataSource }: Platform): Promise<Check> {
  const pending = await new MigrationExecutor(dataSource).getPendingMigrations();
  return { ok: pending.length === 0, detail: `${pending.length} pending` };
}

async function checkQueue(platform: Platform): Promise<Check> {
  const seconds = await queueLag(platform);
  return { ok: seconds <= maxQueueLagSeconds, detail: `the oldest job waits for ${Math.round(seconds)} s` };
}

/** For how many seconds the oldest job in the queue has waited; 0 where none waits. */
export async function queueLag({ dataSource }: Platform): Promise<number> {
  const [{ seconds }]: { seconds: number | null }[] = await dataSource.query(
    "select extract(epoch from now() - min(created_at))::float8 as seconds from job where state = 'QUEUED'",
  );
  return seconds ?? 0;
}
