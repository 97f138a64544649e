import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A file of the object store that is to go: noted with what is erased, and struck off when the file is gone. */
@Entity()
export class ObjectRemoval {
  @PrimaryColumn('char', { length: 64 })
  sha256: string;

  /** The erased patient whose file it was. */
  @Column('uuid')
  patientId: string;
}
