import { context } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { EventLog } from '../jobs/event-log.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { Threads } from '../jobs/threads.ts';
import type { AuditLog } from '../store/audit/audit-log.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { StatementScope } from '../store/statement-scope.ts';
import type { TraceContext } from '../tracing.ts';
import { OperationAudit } from './audit/operation-audit.ts';
import type { Registries } from './federation/registries.ts';
import { createLoaders, type Loaders } from './loaders.ts';
import type { Principal } from './rights/principal.ts';
import { Rights } from './rights/rights.ts';
import { Scopes } from './rights/scopes.ts';

/** The parts of the running program that the graph works with. */
export interface Platform {
  readonly dataSource: DataSource;
  /** Begins the statements of an operation. */
  readonly statementScope: () => StatementScope;
  readonly objects: ObjectStore;
  readonly threads: Threads;
  readonly queue: JobQueue;
  readonly events: EventLog;
  /** What others know of patients. */
  readonly registries: Registries;
  /** Who did what. */
  readonly auditLog: AuditLog;
  readonly log: Logger;
}

/** What every resolver of one operation shares. */
export interface Context extends Platform {
  /** What the operation has under way in the database. */
  readonly statements: StatementScope;
  readonly loaders: Loaders;
  /** What who asks may do. */
  readonly rights: Rights;
  readonly scopes: Scopes;
  /** What the operation has read and changed so far. */
  readonly audit: OperationAudit;
  /** The trace that the operation is part of. */
  readonly caller: TraceContext;
}

type OperationParts = Pick<Context, 'caller' | 'statements'>;

export async function createContext(
  platform: Platform,
  principal: Principal,
  { caller = context.active(), statements = platform.statementScope() }: Partial<OperationParts> = {},
): Promise<Context> {
  const { dataSource } = platform;
  const rights = await Rights.of(dataSource, principal);
  return {
    ...platform,
    statements,
    rights,
    scopes: new Scopes(dataSource, rights),
    loaders: createLoaders(platform, rights),
    audit: new OperationAudit(platform.auditLog, principal.id),
    caller,
  };
}
