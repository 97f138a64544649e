import { Column, CreateDateColumn, Entity, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import { Cohort } from './cohort.ts';

/** The data of a cohort as they were at one time, known by their hash: whether they still are can be checked at any time. */
@Entity()
@Unique(['cohortId', 'number'])
@Unique(['cohortId', 'contentHash'])
export class CohortVersion {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  cohortId: string;

  @ManyToOne(() => Cohort, { onDelete: 'CASCADE' })
  cohort?: Relation<Cohort>;

  /** 1, 2, 3, … in the cohort. */
  @Column('integer')
  number: number;

  /** SHA-256 over patients, covariates, outcomes, scans and regions: equal data have equal hashes, in whatever database. */
  @Column('char', { length: 64 })
  contentHash: string;

  @Column('integer')
  patientCount: number;

  @Column('integer')
  scanCount: number;

  @Column('integer')
  roiCount: number;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
