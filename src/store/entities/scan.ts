import {
  Column,
  CreateDateColumn,
  Entity,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  type Relation,
  Unique,
} from 'typeorm';
import { Patient } from './patient.ts';
import { StoredObject } from './stored-object.ts';

/** One image volume of a patient: a modality in a contrast phase. */
@Entity()
@Unique(['patientId', 'modality', 'phase'])
export class Scan {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  patientId: string;

  @ManyToOne(() => Patient, { onDelete: 'CASCADE' })
  patient?: Relation<Patient>;

  /** DICOM Modality (0008,0060): `CT`, `MR`, `PT`. */
  @Column('text')
  modality: string;

  /** Contrast phase, e.g. `ARTERIAL`; empty where the scan has none. */
  @Column('text', { default: '' })
  phase: string;

  @Column('char', { length: 64 })
  imageSha256: string;

  @ManyToOne(() => StoredObject)
  @JoinColumn({ name: 'image_sha256' })
  image?: Relation<StoredObject>;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
