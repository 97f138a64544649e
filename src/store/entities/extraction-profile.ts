import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/**
 * The settings of a feature extraction and the names, in order, of the features that it yields. A profile never
 * changes: other settings are another profile. One without settings holds features that were computed elsewhere.
 */
@Entity()
export class ExtractionProfile {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text', { unique: true })
  name: string;

  /** A PyRadiomics parameter object; null where the features were imported. */
  @Column('jsonb', { nullable: true })
  parameters: object | null;

  @Column('text', { array: true })
  featureNames: string[];

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
