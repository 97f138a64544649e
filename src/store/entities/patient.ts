import { Column, CreateDateColumn, Entity, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import { Cohort } from './cohort.ts';

export type CovariateValue = number | string;

/** A patient of one cohort, known by a pseudonym, with clinical covariates by name. A missing covariate is absent. */
@Entity()
@Unique(['cohortId', 'subjectKey'])
export class Patient {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  cohortId: string;

  @ManyToOne(() => Cohort, { onDelete: 'CASCADE' })
  cohort?: Relation<Cohort>;

  @Column('text')
  subjectKey: string;

  /** Where the patient was seen, by which rights may be limited; null where the cohort has no sites. */
  @Column('text', { nullable: true })
  site: string | null;

  @Column('jsonb', { default: {} })
  covariates: Record<string, CovariateValue>;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
