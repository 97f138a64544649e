import type { Response } from 'express';
import type { Role } from '../../store/entities/grant.ts';

/** A role on one cohort or all, at one site or all. */
export interface HeldGrant {
  readonly role: Role;
  /** Null for every cohort. */
  readonly cohortKey: string | null;
  /** The identifier of the cohort, where whoever found the grant has looked it up. */
  readonly cohortId?: string | null;
  /** Null for every site, and for patients without one. */
  readonly site: string | null;
}

/** Who asks, and what they may do: made once for a request, a socket, a stream, an upload or an export. */
export interface Principal {
  /** `development`, `key:…` or `user:…`. */
  readonly id: string;
  readonly kind: 'DEVELOPMENT' | 'TOKEN' | 'API_KEY';
  /** When the token or key ends; null for never. */
  readonly expiresAt: Date | null;
  readonly grants: readonly HeldGrant[];
  /** Those of the grants that the database holds, and that can be withdrawn meanwhile. */
  readonly storedGrants: readonly HeldGrant[];
}

/** The right to everything, which the development sign-in and the key of the settings have. */
export const everything: readonly HeldGrant[] = [{ role: 'ADMIN', cohortKey: null, site: null }];

export function sameGrant(a: HeldGrant, b: HeldGrant): boolean {
  return a.role === b.role && a.cohortKey === b.cohortKey && a.site === b.site;
}

/** Who sent the request that the response answers, as the sign-in found. */
export function principalOf({ locals }: Response): Principal {
  const principal = locals.principal as Principal | undefined;
  if (!principal) throw new Error('the request has not passed the sign-in');
  return principal;
}
