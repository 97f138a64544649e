import { Column, CreateDateColumn, Entity, Index, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Cohort } from './cohort.ts';
import { Job } from './job.ts';

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

  @Column('jsonb')
  specification: object;

  /** SHA-256 of the specification, every input value and the engine's version: equal keys have equal results. */
  @Column('char', { length: 64, unique: true })
  contentKey: string;

  @Column('jsonb')
  result: object;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
