import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A secret by which a program signs in. It is shown once, when it is made; only its hash is kept. Its rights are grants. */
@Entity()
export class ApiKey {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  name: string;

  /** The first characters of the secret, by which its owner recognises it. */
  @Column('text')
  prefix: string;

  /** SHA-256 of the secret, which is random enough to need no salt. */
  @Column('char', { length: 64, unique: true })
  secretHash: string;

  @Column('text')
  createdBy: string;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  expiresAt: Date | null;

  @Column('timestamptz', { nullable: true })
  revokedAt: Date | null;
}
