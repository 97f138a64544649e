import type { GraphQLError } from 'graphql';
import { Failure } from '../../engine/failure.ts';
import type { AuditedChange, AuditLog } from '../../store/audit/audit-log.ts';

/** What an operation has shown of the patients of one cohort. */
interface Seen {
  readonly kinds: Set<string>;
  /** Rows that were asked for by their identifiers: the kind of each. */
  readonly objects: Map<string, string>;
}

/** An operation as far as it is written down. */
export interface FinishedOperation {
  readonly type: string | undefined;
  readonly name: string | null | undefined;
  readonly errors: readonly GraphQLError[] | undefined;
}

/** Takes note of what one operation reads and changes, for the audit log. */
export class OperationAudit {
  readonly #log: AuditLog;
  readonly #principal: string;
  #seen = new Map<string | null, Seen>();
  #change: AuditedChange | null = null;

  constructor(log: AuditLog, principal: string) {
    this.#log = log;
    this.#principal = principal;
  }

  /** Does a change under the name of an action; its entry is written with it. */
  async during<T>(action: string, work: () => Promise<T>): Promise<T> {
    const change: AuditedChange = {
      principal: this.#principal,
      action,
      object: null,
      cohorts: new Set(),
      details: null,
    };
    // Changes of one operation are made one after the other.
    this.#change = change;
    try {
      return await this.#log.during(change, work);
    } finally {
      this.#change = null;
    }
  }

  /** Says what the change under way is about, as soon as it is known; outside of one, nothing. */
  about(kind: string, id: string, ...cohortIds: readonly string[]): void {
    if (!this.#change) return;
    this.#change.object = { kind, id };
    for (const cohortId of cohortIds) this.#change.cohorts.add(cohortId);
  }

  /** Says of which cohorts the things are that the change under way is about. */
  aboutCohorts(cohortIds: Iterable<string>): void {
    for (const cohortId of cohortIds) this.#change?.cohorts.add(cohortId);
  }

  /** Says what else is to be known of the change under way; never a value of a patient. */
  explain(details: Readonly<Record<string, unknown>>): void {
    if (this.#change) this.#change.details = details;
  }

  /** Takes note that rows of a kind were read, in a cohort if that is known; of one that was asked for, which. */
  saw(kind: string, cohortId: string | null, objectId?: string): void {
    let seen = this.#seen.get(cohortId);
    if (!seen) {
      this.#log.requireRoom();
      seen = { kinds: new Set(), objects: new Map() };
      this.#seen.set(cohortId, seen);
    }
    seen.kinds.add(kind);
    if (objectId !== undefined) seen.objects.set(objectId, kind);
  }

  /** Writes down what was read: one entry, or one for each cohort. What was refused is written down too. */
  finish({ type, name, errors }: FinishedOperation): void {
    const seen = this.#seen;
    this.#seen = new Map();
    const isRefused = errors?.some(({ originalError }) => isForbidden(originalError)) ?? false;
    // A refused change has an entry already.
    if (seen.size === 0 && isRefused && type !== 'mutation')
      seen.set(null, { kinds: new Set(), objects: new Map() });
    if (seen.size === 0) return;
    const at = new Date();
    for (const [cohortId, { kinds, objects }] of seen) {
      const [only] = objects.size === 1 ? objects : [];
      this.#log.record({
        at,
        principal: this.#principal,
        action: 'read',
        objectKind: only?.[1] ?? null,
        objectId: only?.[0] ?? null,
        cohortId,
        outcome: isRefused ? 'FORBIDDEN' : 'OK',
        details: {
          kinds: [...kinds].sort(),
          ...(objects.size > 1 && { objects: Object.fromEntries([...objects].slice(0, maxObjects)) }),
          ...(name && { operation: name.slice(0, 100) }),
        },
      });
    }
  }
}

/** Of more, their cohort has to do. */
const maxObjects = 100;

function isForbidden(error: Error | undefined | null): boolean {
  return error instanceof Failure && error.code === 'FORBIDDEN';
}
