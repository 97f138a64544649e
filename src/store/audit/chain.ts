import type { DataSource } from 'typeorm';
import { Failure } from '../../engine/failure.ts';
import { jsonHash } from '../content-key.ts';
import type { AuditEntry } from '../entities/audit-entry.ts';
import { AuditHead } from '../entities/audit-head.ts';

/** What an entry says, before it has its place in the log. */
export type AuditEvent = Omit<AuditEntry, 'sequence' | 'previousHash' | 'hash'>;

/** Whatever can be asked within a transaction. */
interface Session {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/** Where a log ends. */
export interface AuditPosition {
  readonly sequence: number;
  readonly hash: string;
}

const genesis: AuditPosition = { sequence: 0, hash: '0'.repeat(64) };

const appendSql = `
  with added as (
    insert into audit_entry (sequence, at, principal, action, object_kind, object_id, cohort_id, outcome, details, previous_hash, hash)
    select sequence, at, principal, action, kind, object, cohort, outcome, details::jsonb, previous, hash
    from unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::text[], $9::text[], $10::text[], $11::text[])
      as entry (sequence, at, principal, action, kind, object, cohort, outcome, details, previous, hash)
  )
  update audit_head set sequence = $12, hash = $13`;

/**
 * Appends entries in the transaction of the session, which then holds the end of the log until it ends: this is to be the
 * last that it does.
 */
export async function appendEvents(session: Session, events: readonly AuditEvent[]): Promise<void> {
  const [head] = (await session.query('select sequence, hash from audit_head for update')) as AuditPosition[];
  let last: AuditPosition = { sequence: Number(head.sequence), hash: head.hash };
  const entries = events.map((event): AuditEntry => {
    const linked = { ...event, sequence: last.sequence + 1, previousHash: last.hash };
    last = { sequence: linked.sequence, hash: hashOf(linked) };
    return { ...linked, hash: last.hash };
  });
  const column = <T>(cell: (entry: AuditEntry) => T) => entries.map(cell);
  await session.query(appendSql, [
    column(({ sequence }) => sequence),
    column(({ at }) => at.toISOString()),
    column(({ principal }) => principal),
    column(({ action }) => action),
    column(({ objectKind }) => objectKind),
    column(({ objectId }) => objectId),
    column(({ cohortId }) => cohortId),
    column(({ outcome }) => outcome),
    column(({ details }) => details && JSON.stringify(details)),
    column(({ previousHash }) => previousHash),
    column(({ hash }) => hash),
    last.sequence,
    last.hash,
  ]);
}

/** SHA-256 over an entry, its place and the hash before it included, as canonical JSON. */
function hashOf(entry: Omit<AuditEntry, 'hash'>): string {
  const { sequence, at, principal, action, objectKind, objectId, cohortId, outcome, details, previousHash } =
    entry;
  return jsonHash({
    sequence,
    at: at.toISOString(),
    principal,
    action,
    objectKind,
    objectId,
    cohortId,
    outcome,
    details,
    previousHash,
  });
}

/** Entries that are read at once. */
const batchSize = 5_000;

/**
 * Reads the whole log as of one moment and checks every link. Where `anchor` is given, an end of the log that was noted
 * earlier, the log must still have it. Returns where the log ends. Throws `AUDIT_BROKEN`, which names the first entry at fault.
 */
export function verifyChain(dataSource: DataSource, anchor?: AuditPosition): Promise<AuditPosition> {
  return dataSource.transaction('REPEATABLE READ', async (manager) => {
    let last = genesis;
    for (;;) {
      const entries: AuditEntry[] = await manager.query(
        `select sequence::float8 as sequence, at, principal, action, object_kind as "objectKind", object_id as "objectId",
           cohort_id as "cohortId", outcome, details, previous_hash as "previousHash", hash
         from audit_entry where sequence > $1 order by sequence limit ${batchSize}`,
        [last.sequence],
      );
      for (const entry of entries) last = requireLinked(entry, last, anchor);
      if (entries.length < batchSize) break;
    }
    const { sequence, hash } = await manager.findOneByOrFail(AuditHead, { id: 1 });
    if (sequence !== last.sequence || hash !== last.hash) throw broken(last.sequence + 1, 'is missing');
    if (anchor && anchor.sequence > last.sequence) throw broken(last.sequence + 1, 'is missing');
    return last;
  });
}

function requireLinked(entry: AuditEntry, before: AuditPosition, anchor?: AuditPosition): AuditPosition {
  const { sequence, previousHash, hash } = entry;
  if (sequence !== before.sequence + 1) throw broken(before.sequence + 1, 'is missing');
  if (previousHash !== before.hash) throw broken(sequence, 'does not follow the one before it');
  if (hashOf(entry) !== hash) throw broken(sequence, 'is not what was written');
  if (anchor?.sequence === sequence && anchor.hash !== hash)
    throw broken(sequence, 'is not the one that was noted');
  return { sequence, hash };
}

function broken(sequence: number, how: string): Failure {
  return new Failure('AUDIT_BROKEN', `entry ${sequence} of the audit log ${how}`, { sequence });
}
