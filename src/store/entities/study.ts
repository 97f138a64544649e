import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  ManyToOne,
  PrimaryColumn,
  type Relation,
  Unique,
} from 'typeorm';
import type { StudyResult } from '../../engine/study/study-result.ts';
import type { StudySpecification } from '../../engine/study/study-specification.ts';
import { Cohort } from './cohort.ts';
import { CohortVersion } from './cohort-version.ts';
import { Job } from './job.ts';

/** A study as a value: a specification that never changes and, once it has run, the result, which does not either. */
@Entity()
@Unique(['cohortId', 'name'])
export class Study {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  cohortId: string;

  @ManyToOne(() => Cohort, { onDelete: 'CASCADE' })
  cohort?: Relation<Cohort>;

  /** The data that it is of; given when it is created, or taken when it runs. */
  @Column('uuid', { nullable: true })
  @Index()
  cohortVersionId: string | null;

  @ManyToOne(() => CohortVersion)
  cohortVersion?: Relation<CohortVersion> | null;

  @Column('text')
  name: string;

  @Column('jsonb')
  specification: StudySpecification;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;

  /** The job that completed it; null, as all that follows, until then. */
  @Column('uuid', { nullable: true })
  @Index()
  jobId: string | null;

  @ManyToOne(() => Job, { onDelete: 'SET NULL' })
  job?: Relation<Job> | null;

  /** SHA-256 over every value that the study read. */
  @Column('char', { length: 64, nullable: true })
  dataHash: string | null;

  /** SHA-256 over the result as canonical JSON. */
  @Column('char', { length: 64, nullable: true })
  resultHash: string | null;

  @Column('text', { nullable: true })
  engineVersion: string | null;

  /** Names and versions of the software that ran it, e.g. `node`. */
  @Column('jsonb', { nullable: true })
  versions: Readonly<Record<string, string>> | null;

  /** Who was in the data, by row; megabytes for a big cohort, as the result, so that both are read only when asked for. */
  @Column('text', { array: true, nullable: true, select: false })
  subjects?: string[] | null;

  @Column('jsonb', { nullable: true, select: false })
  result?: StudyResult | null;

  @Column('timestamptz', { nullable: true })
  completedAt: Date | null;

  /** Patients whom it was made of and who were erased since. */
  @Column('integer', { default: 0 })
  erasedPatients: number;
}
