import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

export type CovariateKind = 'NUMERIC' | 'CATEGORICAL';

/** What a covariate of a cohort is: its name, kind, unit and, for a categorical one, its levels (the first is the reference). */
export interface CovariateDefinition {
  readonly name: string;
  readonly kind: CovariateKind;
  readonly unit?: string;
  readonly levels?: readonly string[];
  readonly description?: string;
  /** Whether its values tell who somebody is: they are for curators alone, and nothing is made of them. */
  readonly identifying?: boolean;
}

/** A named set of patients that are studied together. */
@Entity()
export class Cohort {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text', { unique: true })
  key: string;

  @Column('text')
  name: string;

  @Column('text', { nullable: true })
  description: string | null;

  @Column('jsonb', { default: [] })
  covariates: CovariateDefinition[];

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
