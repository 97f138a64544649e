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
import { Scan } from './scan.ts';
import { StoredObject } from './stored-object.ts';

/** A region of interest: one lesion as one reader drew it in one session on one scan. */
@Entity()
@Unique(['scanId', 'lesion', 'reader', 'session'])
export class Roi {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  scanId: string;

  @ManyToOne(() => Scan, { onDelete: 'CASCADE' })
  scan?: Relation<Scan>;

  @Column('text', { default: '1' })
  lesion: string;

  @Column('text')
  reader: string;

  @Column('integer', { default: 1 })
  session: number;

  /** The mask's voxels of this value are the region. */
  @Column('integer', { default: 1 })
  label: number;

  @Column('char', { length: 64 })
  maskSha256: string;

  @ManyToOne(() => StoredObject)
  @JoinColumn({ name: 'mask_sha256' })
  mask?: Relation<StoredObject>;

  @Column('integer')
  voxelCount: number;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
