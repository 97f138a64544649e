import { Column, CreateDateColumn, Entity, Index, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Cohort } from './cohort.ts';
import { Job } from './job.ts';
import { Study } from './study.ts';

/** A fitted Cox model with the specification that it was fitted to and its complete result. */
@Entity()
export class Model {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  @Index()
  cohortId: string;

  @ManyToOne(() => Cohort, { onDelete: 'CASCADE' })
  cohort?: Relation<Cohort>;

  @Column('uuid')
  jobId: string;

  @ManyToOne(() => Job, { onDelete: 'CASCADE' })
  job?: Relation<Job>;

  /** The study that it is part of; null where it was fitted by itself. */
  @Column('uuid', { nullable: true })
  @Index()
  studyId: string | null;

  @ManyToOne(() => Study, { onDelete: 'CASCADE' })
  study?: Relation<Study> | null;

  @Column('text')
  endpoint: string;

  /** Its name in the study, e.g. `CT+MR`; null where it was fitted by itself. */
  @Column('text', { nullable: true })
  name: string | null;

  @Column('jsonb')
  specification: object;

  /** SHA-256 of the specification, every input value and the engine's version: equal keys have equal results. */
  @Column('char', { length: 64, unique: true })
  contentKey: string;

  @Column('jsonb')
  result: object;

  /** Patients whom it was made of and who were erased since. */
  @Column('integer', { default: 0 })
  erasedPatients: number;

  /** Names and versions of the software that fitted it; null where it was fitted before they were kept. */
  @Column('jsonb', { nullable: true })
  versions: Readonly<Record<string, string>> | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
