import { Column, CreateDateColumn, Entity, Index, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { FailureJson } from '../../engine/failure.ts';
import { Cohort } from './cohort.ts';

export const jobKinds = ['EXTRACTION', 'COX_FIT', 'STUDY', 'COHORT_ERASURE'] as const;
export type JobKind = (typeof jobKinds)[number];

export const jobStates = ['QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type JobState = (typeof jobStates)[number];

/** A piece of long work: what was asked for, how far it is, and how it ended. Its history is its events. */
@Entity()
@Index(['contentKey'], { unique: true, where: 'finished_at is null' })
export class Job {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  kind: JobKind;

  @Column('text', { default: 'QUEUED' })
  state: JobState;

  @Column('uuid')
  @Index()
  cohortId: string;

  @ManyToOne(() => Cohort, { onDelete: 'CASCADE' })
  cohort?: Relation<Cohort>;

  @Column('jsonb')
  specification: object;

  /** The principal that started it; null for jobs of the program itself. */
  @Column('text', { nullable: true })
  requestedBy: string | null;

  /** SHA-256 of kind and specification: while a job is under way, the same request joins it. */
  @Column('char', { length: 64 })
  contentKey: string;

  /** The sequence number of the job's newest event. */
  @Column('integer', { default: 0 })
  lastSequence: number;

  @Column('jsonb', { nullable: true })
  failure: FailureJson | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  startedAt: Date | null;

  @Column('timestamptz', { nullable: true })
  finishedAt: Date | null;
}
