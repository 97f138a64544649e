import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/** What somebody may do, the least first: each role may do what those before it may. */
export const roles = ['READER', 'ANALYST', 'CURATOR', 'ADMIN'] as const;
export type Role = (typeof roles)[number];

/** A role that somebody has, on one cohort or all, at one site or all. A user's may come in the token besides. */
@Entity({ name: 'role_grant' })
export class Grant {
  @PrimaryColumn('uuid')
  id: string;

  /** Who: `user:` and the subject of the token, or `key:` and the identifier of an API key. */
  @Column('text')
  @Index()
  principal: string;

  @Column('text')
  role: Role;

  /** By key, so that it can be given before the cohort is there; null for every cohort. */
  @Column('text', { nullable: true })
  cohortKey: string | null;

  /** Null for every site, and for patients without one. */
  @Column('text', { nullable: true })
  site: string | null;

  /** Who gave it. */
  @Column('text')
  grantedBy: string;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
