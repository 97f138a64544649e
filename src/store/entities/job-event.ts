import { Column, CreateDateColumn, Entity, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Job } from './job.ts';

/** One entry of a job's append-only log. Sequence numbers of a job are 1, 2, 3, … without gaps. */
@Entity()
export class JobEvent {
  @PrimaryColumn('uuid')
  jobId: string;

  @PrimaryColumn('integer')
  sequence: number;

  @ManyToOne(() => Job, { onDelete: 'CASCADE' })
  job?: Relation<Job>;

  @Column('text')
  type: string;

  @Column('jsonb')
  payload: object;

  @CreateDateColumn({ type: 'timestamptz' })
  recordedAt: Date;
}
