import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { Failure } from '../../engine/failure.ts';
import { roles } from '../../store/entities/grant.ts';
import type { HeldGrant } from './principal.ts';

/** The issuer of the tokens that are accepted. */
export interface OidcSettings {
  readonly issuer: string;
  readonly audience: string;
  /** Where its keys are; found by its discovery document where absent. */
  readonly jwks: string | undefined;
  /** The claim that carries grants: its name, or a path of names with dots. */
  readonly rolesClaim: string;
}

/** What a token says, once it is found good. */
export interface VerifiedToken {
  readonly subject: string;
  readonly expiresAt: Date;
  readonly grants: readonly HeldGrant[];
}

/** Signatures by a key pair alone: an allowed HS256 would take the public key for a secret. */
const algorithms = ['RS256', 'ES256', 'EdDSA', 'Ed25519'];
/** Clocks may differ by this much about a token's beginning; its end is taken at its word. */
const clockToleranceSeconds = 5;
const maxTokenLength = 16_384;
const maxGrants = 1_000;
const timeoutMilliseconds = 5_000;

/** Verifies the tokens of one OpenID Connect issuer against its keys, which are fetched when needed and kept. */
export class OidcVerifier {
  readonly #settings: OidcSettings;
  #keys: Promise<JWTVerifyGetKey> | undefined;

  constructor(settings: OidcSettings) {
    this.#settings = settings;
  }

  /**
   * What a token says; null, with the reason by jose's code for the log, where it is not good. Throws
   * `SERVICE_UNAVAILABLE` where the issuer's keys cannot be had.
   */
  async verify(token: string, refused: (reason: string) => void): Promise<VerifiedToken | null> {
    if (token.length > maxTokenLength || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
      refused('not a token');
      return null;
    }
    const { issuer, audience, rolesClaim } = this.#settings;
    try {
      const keys = await this.#getKeys();
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms,
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['exp', 'sub'],
      });
      const expiresAt = new Date((payload.exp as number) * 1000);
      const subject = payload.sub as string;
      if (expiresAt.getTime() <= Date.now() || !/^[^\p{Cc}]{1,255}$/u.test(subject)) {
        refused(expiresAt.getTime() <= Date.now() ? 'ERR_JWT_EXPIRED' : 'subject');
        return null;
      }
      return { subject, expiresAt, grants: grantsOf(claimOf(payload, rolesClaim)) };
    } catch (error) {
      if (isUnreachable(error)) {
        throw new Failure('SERVICE_UNAVAILABLE', 'the keys of the issuer of tokens cannot be had');
      }
      refused((error as { code?: string }).code ?? 'malformed');
      return null;
    }
  }

  /** The issuer is asked once; a failure is forgotten, so that the next token asks again. */
  #getKeys(): Promise<JWTVerifyGetKey> {
    this.#keys ??= this.#findKeys().catch((error: Error) => {
      this.#keys = undefined;
      throw error;
    });
    return this.#keys;
  }

  async #findKeys(): Promise<JWTVerifyGetKey> {
    const address = this.#settings.jwks ?? (await this.#discover());
    return createRemoteJWKSet(new URL(address), {
      timeoutDuration: timeoutMilliseconds,
      cacheMaxAge: 600_000,
      // A token with an unknown key makes the keys be fetched again, but no more often than this.
      cooldownDuration: 30_000,
    });
  }

  async #discover(): Promise<string> {
    const { issuer } = this.#settings;
    const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await fetch(address, {
      signal: AbortSignal.timeout(timeoutMilliseconds),
      redirect: 'error',
    }).catch(() => undefined);
    const document = (await response?.json().catch(() => undefined)) as
      | { issuer?: unknown; jwks_uri?: unknown }
      | undefined;
    const { jwks_uri: found } = document ?? {};
    if (document?.issuer !== issuer || typeof found !== 'string' || !isTrustworthy(found))
      throw new Unreachable('the discovery document of the issuer cannot be used');
    return found;
  }
}

class Unreachable extends Error {}

/** Whether an address is encrypted, or of this machine. */
export function isTrustworthy(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return (
    protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
  );
}

/** The issuer's answer, or its lack, is to blame, and not the token. */
function isUnreachable(error: unknown): boolean {
  if (error instanceof Unreachable || error instanceof errors.JWKSTimeout) return true;
  if (error instanceof errors.JWKSInvalid) return true;
  if (error instanceof errors.JOSEError) return error.code === 'ERR_JOSE_GENERIC';
  return error instanceof TypeError && error.message === 'fetch failed';
}

/** The claim of the name, or at the end of the path that the name's dots divide. */
function claimOf(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  let value: unknown = payload;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** The grants in a claim, a text or a list of texts; texts of another form are the rights of other programs. */
function grantsOf(claim: unknown): HeldGrant[] {
  const texts = Array.isArray(claim) ? claim.slice(0, maxGrants) : [claim];
  return texts.flatMap((text) => (typeof text === 'string' ? (parseGrant(text) ?? []) : []));
}

/**
 * `role:cohort` or `role:cohort:site`, e.g. `analyst:hcc-2017:north`; `*` stands for every cohort or site. A role without a
 * cohort is none: the name alone may mean something else to other programs that share the issuer.
 */
export function parseGrant(text: string): HeldGrant | null {
  const [name, cohort, ...rest] = text.split(':');
  const site = rest.length === 0 ? '*' : rest.join(':');
  const role = roles.find((each) => each === name.toUpperCase());
  if (!role || !cohort || !site) return null;
  return { role, cohortKey: cohort === '*' ? null : cohort, site: site === '*' ? null : site };
}
