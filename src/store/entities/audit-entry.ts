import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * One thing that somebody did, or tried to. Entries are never changed or removed, which the database holds to, and each carries the hash of
 * the one before it. They outlive what they are about: nothing here refers to a row.
 */
@Entity()
@Index(['cohortId', 'sequence'])
export class AuditEntry {
  /** 1, 2, 3, … without gaps. */
  @PrimaryColumn('bigint', { transformer: { from: Number, to: (value: number) => value } })
  sequence: number;

  @Column('timestamptz')
  at: Date;

  /** Who: as the sign-in knows them, or `command:` and the user of the machine who ran a command. */
  @Column('text')
  principal: string;

  /** The name of the mutation or command, or `read`, `export`, `upload`, `readReport`. */
  @Column('text')
  action: string;

  /** A noun of the graph; null where the action was on several things or none. */
  @Column('text', { nullable: true })
  objectKind: string | null;

  @Column('text', { nullable: true })
  objectId: string | null;

  @Column('uuid', { nullable: true })
  cohortId: string | null;

  /** `OK`, or the code of the failure. */
  @Column('text')
  outcome: string;

  /** What else is to be known of it; never a value of a patient. */
  @Column('jsonb', { nullable: true })
  details: Readonly<Record<string, unknown>> | null;

  /** The hash of the entry before; 64 zeros for the first. */
  @Column('char', { length: 64 })
  previousHash: string;

  /** SHA-256 over all of the above as canonical JSON. */
  @Column('char', { length: 64 })
  hash: string;
}
