import { Column, CreateDateColumn, Entity, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import { Cohort } from './cohort.ts';

/** Where outcomes came from that a registry gave: what it said then is kept as it was, and never read from it again. */
@Entity()
@Unique(['cohortId', 'registry', 'contentHash'])
export class OutcomeImport {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  cohortId: string;

  @ManyToOne(() => Cohort, { onDelete: 'CASCADE' })
  cohort?: Relation<Cohort>;

  /** By its name in the settings. */
  @Column('text')
  registry: string;

  /** Its address then. */
  @Column('text')
  url: string;

  /** Those of the endpoints that were asked for; null for all. */
  @Column('jsonb', { nullable: true })
  endpoints: readonly string[] | null;

  /** SHA-256 over what it said of each patient. */
  @Column('char', { length: 64 })
  contentHash: string;

  /** Patients that it was asked about. */
  @Column('integer')
  patientCount: number;

  /** Those of them that it did not know. */
  @Column('integer')
  unknownCount: number;

  /** Outcomes that it gave. */
  @Column('integer')
  outcomeCount: number;

  /** Those of them that were new. */
  @Column('integer')
  addedCount: number;

  /** When it had answered. */
  @Column('timestamptz')
  fetchedAt: Date;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
