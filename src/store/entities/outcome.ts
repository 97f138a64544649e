import { Column, Entity, Index, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import type { TimeUnit } from '../../engine/study/time-unit.ts';
import { OutcomeImport } from './outcome-import.ts';
import { Patient } from './patient.ts';

/** A patient's follow-up for one endpoint: the time to its event, or to the last visit where none was seen. */
@Entity()
@Unique(['patientId', 'endpoint'])
export class Outcome {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  patientId: string;

  @ManyToOne(() => Patient, { onDelete: 'CASCADE' })
  patient?: Relation<Patient>;

  /** E.g. `DFS`, `OS`. */
  @Column('text')
  endpoint: string;

  @Column('double precision')
  time: number;

  @Column('text', { default: 'MONTHS' })
  timeUnit: TimeUnit;

  @Column('boolean')
  event: boolean;

  /** Which import brought it; null where it was added with the patient. */
  @Index()
  @Column('uuid', { nullable: true })
  importId: string | null;

  @ManyToOne(() => OutcomeImport, { onDelete: 'SET NULL' })
  import?: Relation<OutcomeImport> | null;
}
