import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { CodedConcept, ScanAttributes } from '../../engine/imaging/dicom/index.ts';

/** A file of the object store, known by the SHA-256 of its bytes, with what was read from it when it was accepted. */
@Entity({ name: 'object' })
export class StoredObject {
  @PrimaryColumn('char', { length: 64 })
  sha256: string;

  @Column('integer')
  byteLength: number;

  @Column('text')
  format: string;

  /** Voxels along i, j, k. */
  @Column('integer', { array: true })
  size: number[];

  /** Millimetres. */
  @Column('double precision', { array: true })
  spacing: number[];

  @Column('double precision', { array: true })
  origin: number[];

  /** Row-major 3 × 3. */
  @Column('double precision', { array: true })
  direction: number[];

  @Column('text')
  voxelType: string;

  /** Voxels of each non-zero label, where the volume can be a mask: whole numbers, at most 256 different ones. */
  @Column('jsonb', { nullable: true })
  labels: Record<string, number> | null;

  /** Of a volume made of DICOM: the region's name, null for the image itself. */
  @Column('text', { nullable: true })
  roiName: string | null;

  /** Of a volume made of DICOM: how it was acquired, as far as de-identification leaves it. */
  @Column('jsonb', { nullable: true })
  acquisition: ScanAttributes | null;

  /** Of a volume made of DICOM: the codes of PS3.16, CID 7050, by which it was de-identified. */
  @Column('jsonb', { nullable: true })
  deidentification: CodedConcept[] | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
