import { Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { StoredObject } from './stored-object.ts';

/** Who uploaded an object, and so may refer to it: several may have uploaded the same bytes. */
@Entity()
export class ObjectOwner {
  @PrimaryColumn('char', { length: 64 })
  sha256: string;

  @ManyToOne(() => StoredObject, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'sha256' })
  object?: Relation<StoredObject>;

  @PrimaryColumn('text')
  principal: string;
}
