import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import type { Logger } from 'pino';
import type { Platform } from './api/context.ts';
import { Registries } from './api/federation/registries.ts';
import { serveHttp } from './api/http.ts';
import { Guard } from './api/limits/guard.ts';
import { Rates } from './api/limits/rates.ts';
import { TrustedDocuments } from './api/limits/trusted-documents.ts';
import { Authenticator } from './api/rights/authenticator.ts';
import { Sessions } from './api/rights/sessions.ts';
import { createSchema } from './api/schema.ts';
import { SignIn } from './api/sign-in.ts';
import { serveSockets } from './api/socket.ts';
import { createUploads } from './api/upload.ts';
import type { Config } from './config.ts';
import { Failure } from './engine/failure.ts';
import { EventLog, jobEventChannel } from './jobs/event-log.ts';
import { Notifications } from './jobs/notifications.ts';
import { JobQueue } from './jobs/queue.ts';
import { Threads } from './jobs/threads.ts';
import { Worker } from './jobs/worker.ts';
import { createLog } from './log.ts';
import { AuditLog } from './store/audit/audit-log.ts';
import { createDataSource } from './store/data-source.ts';
import { startEmbeddedPostgres } from './store/embedded-postgres.ts';
import { jobKinds } from './store/entities/job.ts';
import { removeObjects } from './store/erasure/object-removal.ts';
import { migrate } from './store/migrate.ts';
import { ObjectStore } from './store/object-store.ts';
import { createBuiltInProfiles } from './store/profiles.ts';
import { scopeStatements } from './store/statement-scope.ts';
import { traceStatements } from './store/trace-statements.ts';

/** A started program. */
export interface Nomograph {
  readonly platform: Platform;
  /** The address, e.g. `http://127.0.0.1:4000`; absent where the process only works on jobs. */
  readonly url: string | undefined;
  /** What the development sign-in wants; empty where there is none, since the server listens to other machines. */
  readonly token: string;
  /** Finishes what is under way, then lets everything go. */
  stop(): Promise<void>;
}

/** Things to stop, the last one started first; a failure in one does not keep the others from stopping. */
class Shutdown {
  readonly #steps: (() => Promise<unknown>)[] = [];
  #stopped: Promise<void> | undefined;

  add(step: () => Promise<unknown>): void {
    this.#steps.push(step);
  }

  run(log: Logger): Promise<void> {
    this.#stopped ??= (async () => {
      for (const step of this.#steps.reverse())
        await step().catch((error: Error) => log.error({ err: error }, 'while stopping'));
    })();
    return this.#stopped;
  }
}

/** Opens the store: the database (embedded unless the settings name one), migrated, and the objects. */
export async function openStore(config: Config, log: Logger, shutdown = new Shutdown()) {
  await mkdir(config.dataDirectory, { recursive: true }).catch(({ message }: Error) => {
    throw new Failure('CONFIG_INVALID', `there is no working in the data directory: ${message}`, {
      setting: 'NOMOGRAPH_DATA',
      value: config.dataDirectory,
    });
  });
  let url = config.databaseUrl;
  if (!url) {
    const postgres = await startEmbeddedPostgres({
      dataDirectory: join(config.dataDirectory, 'postgres'),
      log: (line) => log.debug(line),
    });
    shutdown.add(() => postgres.stop());
    url = postgres.url;
  }
  try {
    const ran = await migrate(url);
    if (ran.length > 0) log.info({ migrations: ran }, 'migrated');
    const dataSource = await createDataSource(url).initialize();
    traceStatements(dataSource);
    shutdown.add(() => dataSource.destroy());
    await createBuiltInProfiles(dataSource.manager);
    const auditLog = new AuditLog(dataSource, log);
    shutdown.add(() => auditLog.stop());
    const objects = new ObjectStore(join(config.dataDirectory, 'objects'));
    return { url, dataSource, auditLog, objects, shutdown };
  } catch (error) {
    await shutdown.run(log);
    throw asUnavailable(error);
  }
}

/** Starts the program by its role: the api answers requests, the worker runs jobs, by `codes` where others than the real ones are given. */
export async function startNomograph(
  config: Config,
  log: Logger = createLog(config.logLevel),
  codes?: ConstructorParameters<typeof Worker>[0]['codes'],
): Promise<Nomograph> {
  const { url: databaseUrl, dataSource, auditLog, objects, shutdown } = await openStore(config, log);
  try {
    const threads = new Threads(config.threads);
    shutdown.add(() => threads.stop());
    const notifications = new Notifications(databaseUrl, jobEventChannel, log);
    await notifications.start();
    shutdown.add(() => notifications.stop());
    const events = new EventLog(dataSource, notifications);
    const queue = new JobQueue(databaseUrl, dataSource, events, log, config.limits);
    await queue.start(jobKinds);
    shutdown.add(() => queue.stop());
    const registries = new Registries({ ...config, deadline: config.limits.requestSeconds * 800 });
    const platform: Platform = {
      dataSource,
      statementScope: scopeStatements(dataSource, log),
      objects,
      threads,
      queue,
      events,
      registries,
      auditLog,
      log,
    };
    const token = config.loopback
      ? (config.token ?? (await keepToken(join(config.dataDirectory, 'token'))))
      : undefined;
    // What an erasure that was cut off had left to do.
    await removeObjects(dataSource, objects).catch((error: Error) =>
      log.error({ err: error }, 'files of erased patients could not be removed'),
    );
    if (config.role !== 'api') {
      const worker = new Worker({ ...platform, notifications, codes });
      await worker.start();
      shutdown.add(() => worker.stop());
    }
    const url = config.role === 'worker' ? undefined : await serve(config, platform, token, shutdown);
    log.info({ role: config.role, url }, 'nomograph is up');
    return { platform, url, token: token ?? '', stop: () => shutdown.run(log) };
  } catch (error) {
    await shutdown.run(log);
    throw error;
  }
}

async function serve(
  config: Config,
  platform: Platform,
  token: string | undefined,
  shutdown: Shutdown,
): Promise<string> {
  const app = express();
  // Of answers that no one may keep, and which may be long, it would be a hash for nothing.
  app.disable('etag');
  const server = createServer(app);
  const schema = await createSchema();
  const { limits, introspection } = config;
  const trusted =
    config.trustedDocuments === undefined
      ? undefined
      : await TrustedDocuments.read(config.trustedDocuments, config.trustedOnly);
  const guard = new Guard({ schema, limits, introspection, trusted });
  const rates = new Rates(limits);
  const { adminKey, metricsKey, oidc } = config;
  const authenticator = new Authenticator(platform.dataSource, platform.log, {
    token,
    adminKey,
    metricsKey,
    oidc,
  });
  const signIn = new SignIn(authenticator);
  const sessions = new Sessions(authenticator, platform.log);
  const directory = join(config.dataDirectory, 'uploads');
  await mkdir(directory, { recursive: true });
  const uploads = createUploads(platform, directory, config.maxUploadBytes);
  const sweep = () =>
    uploads
      .removeAbandoned()
      .catch((error: Error) => platform.log.error({ err: error }, 'while removing abandoned uploads'));
  await sweep();
  const sweeping = setInterval(sweep, 3_600_000).unref();
  const drainHttp = await serveHttp(app, {
    server,
    schema,
    platform,
    signIn,
    sessions,
    uploads,
    guard,
    rates,
    development: config.development,
  });
  const drainSockets = serveSockets({ server, schema, platform, signIn, sessions, guard, rates });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        new Failure(
          'CONFIG_INVALID',
          taken
            ? `port ${config.port} is in use: set NOMOGRAPH_PORT to another one, or to 0 for any`
            : `cannot listen on ${config.host}:${config.port} (${error.code})`,
          { setting: 'NOMOGRAPH_PORT', value: config.port },
        ),
      );
    });
    server.listen(config.port, config.host, resolve);
  });
  shutdown.add(async () => {
    clearInterval(sweeping);
    sessions.stop();
    await drainSockets();
    await drainHttp();
  });
  const { port } = server.address() as AddressInfo;
  return `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
}

/** The token of this data directory, made at random the first time and readable by its owner alone. */
async function keepToken(path: string): Promise<string> {
  await writeFile(path, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  return (await readFile(path, 'utf8')).trim();
}

function asUnavailable(error: unknown): unknown {
  const code =
    (error as { code?: string }).code ?? (error as { driverError?: { code?: string } }).driverError?.code;
  if (!code || !/^(ECONN|ENOTFOUND|ETIMEDOUT|28|3D)/.test(code)) return error;
  return new Failure(
    'SERVICE_UNAVAILABLE',
    `the database cannot be opened: ${(error as Error).message} (${code})`,
    { setting: 'DATABASE_URL' },
  );
}
