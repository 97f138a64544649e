import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { EventLog } from '../jobs/event-log.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { Threads } from '../jobs/threads.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { createLoaders, type Loaders } from './loaders.ts';

/** The parts of the running program that the graph works with. */
export interface Platform {
  readonly dataSource: DataSource;
  readonly objects: ObjectStore;
  readonly threads: Threads;
  readonly queue: JobQueue;
  readonly events: EventLog;
  readonly log: Logger;
}

/** What every resolver of one operation shares. */
export interface Context extends Platform {
  readonly loaders: Loaders;
}

export function createContext(platform: Platform): Context {
  return { ...platform, loaders: createLoaders(platform.dataSource) };
}
