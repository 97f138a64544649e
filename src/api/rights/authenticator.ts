import { createHash, timingSafeEqual } from 'node:crypto';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { type OidcSettings, OidcVerifier } from './oidc.ts';
import { everything, type HeldGrant, type Principal, sameGrant } from './principal.ts';

/** Every API key begins with it, so that a key that got about is recognised as one. */
export const keyMark = 'nmg_';

/** Who signs in by the key for the metrics. */
export const metricsPrincipal = 'key:metrics';

export interface AuthenticatorSettings {
  /** The development sign-in; absent where the server listens to other machines. */
  readonly token: string | undefined;
  /** The API key of the settings, which may do everything. */
  readonly adminKey: string | undefined;
  /** The API key of the settings that may read the metrics, and nothing else. */
  readonly metricsKey: string | undefined;
  readonly oidc: OidcSettings | undefined;
}

interface StoredGrantRow {
  readonly principal: string;
  readonly role: HeldGrant['role'];
  readonly cohort_key: string | null;
  readonly cohort_id?: string | null;
  readonly site: string | null;
}

/** Tells who somebody is by what they present: the development token, an API key, or a token of the issuer. */
export class Authenticator {
  readonly #dataSource: DataSource;
  readonly #log: Logger;
  readonly #token: Buffer | undefined;
  readonly #adminKey: Buffer | undefined;
  readonly #metricsKey: Buffer | undefined;
  readonly #oidc: OidcVerifier | undefined;

  constructor(
    dataSource: DataSource,
    log: Logger,
    { token, adminKey, metricsKey, oidc }: AuthenticatorSettings,
  ) {
    this.#dataSource = dataSource;
    this.#log = log;
    this.#token = token === undefined ? undefined : digest(token);
    this.#adminKey = adminKey === undefined ? undefined : digest(adminKey);
    this.#metricsKey = metricsKey === undefined ? undefined : digest(metricsKey);
    this.#oidc = oidc && new OidcVerifier(oidc);
  }

  /** Null for whoever is nobody. Throws `SERVICE_UNAVAILABLE` where the issuer's keys cannot be had. */
  authenticate(credential: string | undefined): Principal | null | Promise<Principal | null> {
    if (!credential) return null;
    const hash = digest(credential);
    if (this.#token && timingSafeEqual(hash, this.#token)) return unlimited('development', 'DEVELOPMENT');
    if (this.#adminKey && timingSafeEqual(hash, this.#adminKey)) return unlimited('key:admin', 'API_KEY');
    if (this.#metricsKey && timingSafeEqual(hash, this.#metricsKey))
      return { id: metricsPrincipal, kind: 'API_KEY', expiresAt: null, grants: [], storedGrants: [] };
    // The reason is of our own or jose's making: nothing of the credential goes into the log.
    const refused = (reason: string) => this.#log.info({ reason }, 'sign-in refused');
    if (credential.startsWith(keyMark)) return this.#byKey(hash.toString('hex'), refused);
    if (this.#oidc) return this.#byToken(this.#oidc, credential, refused);
    refused('unknown');
    return null;
  }

  async #byToken(
    oidc: OidcVerifier,
    credential: string,
    refused: (reason: string) => void,
  ): Promise<Principal | null> {
    const token = await oidc.verify(credential, refused);
    if (!token) return null;
    const id = `user:${token.subject}`;
    const storedGrants = (await this.#storedGrants([id])).get(id) ?? [];
    return {
      id,
      kind: 'TOKEN',
      expiresAt: token.expiresAt,
      grants: [...token.grants, ...storedGrants],
      storedGrants,
    };
  }

  async #byKey(secretHash: string, refused: (reason: string) => void): Promise<Principal | null> {
    const rows: ({ id: string; expires_at: Date | null } & StoredGrantRow)[] = await this.#dataSource.query(
      `select api_key.id, expires_at, role, cohort_key, cohort.id as cohort_id, site
       from api_key left join role_grant on principal = 'key:' || api_key.id left join cohort on cohort.key = cohort_key
       where secret_hash = $1 and revoked_at is null and (expires_at is null or expires_at > now())`,
      [secretHash],
    );
    if (rows.length === 0) {
      refused('unknown, revoked or ended key');
      return null;
    }
    const grants = rows.flatMap((row) => (row.role === null ? [] : toGrant(row)));
    const [{ id, expires_at: expiresAt }] = rows;
    return { id: `key:${id}`, kind: 'API_KEY', expiresAt, grants, storedGrants: grants };
  }

  /** Those of the principals of whose rights something was taken since they signed in. */
  async withdrawn(principals: readonly Principal[]): Promise<Principal[]> {
    const ids = [...new Set(principals.filter(isStored).map(({ id }) => id))];
    if (ids.length === 0) return [];
    const keyIds = ids.filter((id) => id.startsWith('key:')).map((id) => id.slice(4));
    const [rows, grants] = await Promise.all([
      keyIds.length === 0
        ? []
        : (this.#dataSource.query('select id from api_key where id = any ($1) and revoked_at is null', [
            keyIds,
          ]) as Promise<{ id: string }[]>),
      this.#storedGrants(ids),
    ]);
    const keys = new Set(rows.map(({ id }) => `key:${id}`));
    return principals.filter((principal) => {
      if (!isStored(principal)) return false;
      if (principal.kind === 'API_KEY' && !keys.has(principal.id)) return true;
      const now = grants.get(principal.id) ?? [];
      return !principal.storedGrants.every((held) => now.some((grant) => sameGrant(grant, held)));
    });
  }

  async #storedGrants(principals: readonly string[]): Promise<Map<string, HeldGrant[]>> {
    const rows: StoredGrantRow[] = await this.#dataSource.query(
      'select principal, role, cohort_key, site from role_grant where principal = any ($1)',
      [principals],
    );
    const grants = new Map<string, HeldGrant[]>();
    for (const row of rows) grants.set(row.principal, [...(grants.get(row.principal) ?? []), toGrant(row)]);
    return grants;
  }
}

/** Whether the database knows of the principal at all: the secrets of the settings end with the process. */
export function isStored({ id, kind }: Principal): boolean {
  return kind === 'TOKEN' || (id.startsWith('key:') && id !== 'key:admin' && id !== metricsPrincipal);
}

export function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function toGrant({
  role,
  cohort_key: cohortKey,
  cohort_id: cohortId = null,
  site,
}: StoredGrantRow): HeldGrant {
  return { role, cohortKey, cohortId, site };
}

function unlimited(id: string, kind: Principal['kind']): Principal {
  return { id, kind, expiresAt: null, grants: everything, storedGrants: [] };
}
