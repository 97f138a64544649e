import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** That a patient was there and was erased. It refers to nothing, as there is nothing left. */
@Entity()
export class Erasure {
  @PrimaryColumn('uuid')
  patientId: string;

  @Column('uuid')
  cohortId: string;

  /** Why, in the words of who did it. */
  @Column('text')
  reason: string;

  @Column('text')
  erasedBy: string;

  @CreateDateColumn({ type: 'timestamptz' })
  erasedAt: Date;

  /** Studies and models that the patient was in. */
  @Column('integer')
  studyCount: number;

  @Column('integer')
  modelCount: number;

  /** Files that nobody else referred to. */
  @Column('integer')
  objectCount: number;
}
