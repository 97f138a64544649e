import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Where the audit log ends: one row, which whoever appends holds until it has committed, so that entries have an order. */
@Entity()
export class AuditHead {
  @PrimaryColumn('integer')
  id: number;

  @Column('bigint', { transformer: { from: Number, to: (value: number) => value } })
  sequence: number;

  @Column('char', { length: 64 })
  hash: string;
}
