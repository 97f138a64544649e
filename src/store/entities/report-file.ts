import { Column, CreateDateColumn, Entity, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Study } from './study.ts';

/** A file of a study's report: where it lies in the report, and the object that holds its bytes. */
@Entity()
export class ReportFile {
  @PrimaryColumn('uuid')
  studyId: string;

  @ManyToOne(() => Study, { onDelete: 'CASCADE' })
  study?: Relation<Study>;

  /** E.g. `figures/km-DFS-CT.svg`. */
  @PrimaryColumn('text')
  path: string;

  @Column('text')
  mediaType: string;

  @Column('integer')
  byteLength: number;

  @Column('char', { length: 64 })
  sha256: string;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
