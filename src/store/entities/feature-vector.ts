import { Column, CreateDateColumn, Entity, Index, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { Warning } from '../../engine/warning.ts';
import { ExtractionProfile } from './extraction-profile.ts';
import { Patient } from './patient.ts';
import { Roi } from './roi.ts';

/**
 * All features of one region of interest under one profile: one row, the values as little-endian float64 in the
 * profile's order. Imported features belong to a patient without a region.
 */
@Entity()
@Index(['roiId', 'profileId'], { unique: true, where: 'roi_id is not null' })
@Index(['patientId', 'profileId'], { unique: true, where: 'roi_id is null' })
export class FeatureVector {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  @Index()
  patientId: string;

  @ManyToOne(() => Patient, { onDelete: 'CASCADE' })
  patient?: Relation<Patient>;

  @Column('uuid', { nullable: true })
  roiId: string | null;

  @ManyToOne(() => Roi, { onDelete: 'CASCADE' })
  roi?: Relation<Roi> | null;

  @Column('uuid')
  @Index()
  profileId: string;

  @ManyToOne(() => ExtractionProfile)
  profile?: Relation<ExtractionProfile>;

  /** SHA-256 over image, mask, label, settings and extractor version: equal keys have equal values. */
  @Column('char', { length: 64 })
  @Index()
  contentKey: string;

  @Column('bytea')
  values: Buffer;

  @Column('text')
  extractorVersion: string;

  @Column('jsonb', { default: {} })
  diagnostics: object;

  @Column('jsonb', { default: [] })
  warnings: Warning[];

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
