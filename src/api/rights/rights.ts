import { type DataSource, In, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { Failure } from '../../engine/failure.ts';
import { Cohort } from '../../store/entities/cohort.ts';
import { type Role, roles } from '../../store/entities/grant.ts';
import type { HeldGrant, Principal } from './principal.ts';

/** What a right is on. */
export type Scope =
  /** No cohort in particular: whoever has the role anywhere has it here. */
  | { readonly on: 'ANYWHERE' }
  /** A cohort as such, whose lists are filtered row by row: the role at any of its sites will do. */
  | { readonly on: 'COHORT'; readonly cohortId: string }
  /** What was made of all patients of a cohort: above READER, the role is needed at all of its sites. */
  | { readonly on: 'WHOLE'; readonly cohortId: string }
  /** What belongs to a patient: the role at the patient's site, or at all. */
  | { readonly on: 'PATIENT'; readonly cohortId: string; readonly site: string | null };

export const anywhere: Scope = { on: 'ANYWHERE' };

/** A grant whose cohort has been looked up; `cohortId` is undefined for a cohort that is not there yet. */
interface PlacedGrant extends Omit<HeldGrant, 'cohortId'> {
  readonly rank: number;
  cohortId: string | null | undefined;
}

export const rankOf = (role: Role): number => roles.indexOf(role);

/** What a principal may do, row by row. Deny is the default: what no grant allows is not allowed. */
export class Rights {
  readonly principal: Principal;
  /** ADMIN of everything: there is nothing to check. */
  readonly unlimited: boolean;
  readonly #grants: readonly PlacedGrant[];

  private constructor(principal: Principal, ids: ReadonlyMap<string, string>) {
    this.principal = principal;
    this.#grants = principal.grants.map((grant) => ({
      ...grant,
      rank: rankOf(grant.role),
      cohortId: grant.cohortKey === null ? null : (grant.cohortId ?? ids.get(grant.cohortKey)),
    }));
    this.unlimited = principal.grants.some(
      ({ role, cohortKey, site }) => role === 'ADMIN' && cohortKey === null && site === null,
    );
  }

  /** Looks up the cohorts that the grants name: one statement, and none where they name none that is not known yet. */
  static async of(dataSource: DataSource, principal: Principal): Promise<Rights> {
    const keys = [
      ...new Set(principal.grants.flatMap(({ cohortKey, cohortId }) => (cohortId ? [] : (cohortKey ?? [])))),
    ];
    const cohorts =
      keys.length === 0
        ? []
        : await dataSource
            .getRepository(Cohort)
            .find({ select: { id: true, key: true }, where: { key: In(keys) } });
    return new Rights(principal, new Map(cohorts.map(({ id, key }) => [key, id])));
  }

  /** Takes note of a cohort that may have been created since the grants were looked up. */
  learn({ id, key }: Pick<Cohort, 'id' | 'key'>): void {
    for (const grant of this.#grants) if (grant.cohortKey === key) grant.cohortId = id;
  }

  has(role: Role, scope: Scope): boolean {
    return this.rankAt(scope) >= rankOf(role);
  }

  /** The rank of the highest role that is held on the scope; -1 for none. */
  rankAt(scope: Scope): number {
    let highest = this.unlimited ? rankOf('ADMIN') : -1;
    for (const grant of this.#grants) {
      const rank = rankOn(grant, scope);
      if (rank > highest) highest = rank;
    }
    return highest;
  }

  /** Throws `FORBIDDEN` unless who asks may give the grant: whoever administers all that it is on. */
  requireAdministered({ role, cohortKey, site }: HeldGrant): void {
    if (this.hasByKey('ADMIN', cohortKey, site)) return;
    throw new Failure('FORBIDDEN', 'to give a role needs the role ADMIN on all that it is given for', {
      role,
    });
  }

  /** Narrows a query to the grants, by alias, that who asks may give. */
  onlyAdministered<T extends ObjectLiteral>(query: SelectQueryBuilder<T>, alias: string): void {
    if (this.unlimited) return;
    const { sql, parameters } = this.#administered(alias);
    query.andWhere(sql, parameters);
  }

  /** Narrows a query to the API keys, by alias, of which who asks may give every grant, and there is one. */
  onlyAdministeredKeys<T extends ObjectLiteral>(query: SelectQueryBuilder<T>, alias: string): void {
    if (this.unlimited) return;
    const { sql, parameters } = this.#administered('held');
    const held = `select from role_grant held where held.principal = 'key:' || ${alias}.id`;
    query.andWhere(`exists (${held}) and not exists (${held} and not (${sql}))`, parameters);
  }

  #administered(alias: string): { sql: string; parameters: ObjectLiteral } {
    const held = this.#grants.filter(({ role }) => role === 'ADMIN');
    const clauses = held.map(
      (grant, place) =>
        `(${grant.cohortKey === null ? 'true' : `coalesce(${alias}.cohort_key = :key${place}, false)`} and ${
          grant.site === null ? 'true' : `coalesce(${alias}.site = :site${place}, false)`
        })`,
    );
    return {
      sql: `(${clauses.join(' or ') || 'false'})`,
      parameters: Object.fromEntries(
        held.flatMap(({ cohortKey, site }, place) => [
          [`key${place}`, cohortKey],
          [`site${place}`, site],
        ]),
      ),
    };
  }

  /** Whether the role is held on a cohort, by key, which need not exist, at one site or all. */
  hasByKey(role: Role, cohortKey: string | null, site: string | null): boolean {
    const rank = rankOf(role);
    return this.#grants.some(
      (grant) =>
        grant.rank >= rank &&
        (grant.cohortKey === null || grant.cohortKey === cohortKey) &&
        (grant.site === null || grant.site === site),
    );
  }

  /** Throws `FORBIDDEN` unless the role is held: for what the principal can see, so that nothing is given away. */
  require(role: Role, scope: Scope, what: string): void {
    if (this.has(role, scope)) return;
    throw new Failure('FORBIDDEN', `${what} needs the role ${role}`, { role });
  }

  /** The sites of a cohort where the role is held; null for all, patients without a site included. */
  sitesOf(role: Role, cohortId: string): readonly string[] | null {
    const held = this.#held(role).filter((grant) => grant.cohortId === null || grant.cohortId === cohortId);
    if (held.some(({ site }) => site === null)) return null;
    return [...new Set(held.map(({ site }) => site as string))];
  }

  /** Whether somebody who may see what is in the scope may see all the rows that it was counted from. */
  seesRows(scope: Scope): boolean {
    if (scope.on !== 'COHORT') return this.has('ANALYST', scope);
    const rows = this.sitesOf('ANALYST', scope.cohortId);
    if (rows === null) return true;
    return this.sitesOf('READER', scope.cohortId)?.every((site) => rows.includes(site)) ?? false;
  }

  /** Whether covariates that identify patients may be seen of all patients of a cohort whose rows may be. */
  seesIdentifying(cohortId: string): boolean {
    const curated = this.sitesOf('CURATOR', cohortId);
    if (curated === null) return true;
    return this.sitesOf('ANALYST', cohortId)?.every((site) => curated.includes(site)) ?? false;
  }

  /** Narrows a query to the patients, by alias, for whom the role is held. */
  onlyPatients<T extends ObjectLiteral>(query: SelectQueryBuilder<T>, alias: string, role: Role): void {
    if (this.unlimited) return;
    const held = this.#held(role);
    if (held.some(({ cohortId, site }) => cohortId === null && site === null)) return;
    const cohorts = held.flatMap(({ cohortId, site }) => (cohortId && site === null ? cohortId : []));
    const sites = held.flatMap(({ cohortId, site }) => (cohortId === null && site !== null ? site : []));
    const pairs = held.filter(({ cohortId, site }) => cohortId && site !== null);
    query.andWhere(
      `(${alias}.cohort_id = any (:rightCohorts) or ${alias}.site = any (:rightSites) or (${alias}.cohort_id, ${alias}.site) in (select * from unnest(:pairCohorts::uuid[], :pairSites::text[])))`,
      {
        rightCohorts: cohorts,
        rightSites: sites,
        pairCohorts: pairs.map(({ cohortId }) => cohortId),
        pairSites: pairs.map(({ site }) => site),
      },
    );
  }

  /** Narrows a query to rows of cohorts, by the column of their identifiers, where the role is held on the scope given. */
  onlyCohorts<T extends ObjectLiteral>(
    query: SelectQueryBuilder<T>,
    column: string,
    role: Role,
    on: 'COHORT' | 'WHOLE',
  ): void {
    if (this.unlimited) return;
    const held = this.#held(role).filter(
      ({ site }) => on === 'COHORT' || site === null || rankOf(role) === 0,
    );
    if (held.some(({ cohortId }) => cohortId === null)) return;
    query.andWhere(`${column} = any (:visibleCohorts)`, {
      visibleCohorts: held.map(({ cohortId }) => cohortId),
    });
  }

  /** The grants of at least the role, without those on cohorts that are not there. */
  #held(role: Role): readonly PlacedGrant[] {
    return this.#grants.filter(({ rank, cohortId }) => rank >= rankOf(role) && cohortId !== undefined);
  }
}

/** The rank that a grant gives on a scope; -1 for none. */
function rankOn({ rank, cohortId, site }: PlacedGrant, scope: Scope): number {
  if (scope.on === 'ANYWHERE') return rank;
  if (cohortId !== null && cohortId !== scope.cohortId) return -1;
  if (scope.on === 'COHORT' || site === null) return rank;
  if (scope.on === 'WHOLE') return rankOf('READER');
  return site === scope.site ? rank : -1;
}
