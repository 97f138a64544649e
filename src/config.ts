import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { Failure } from './engine/failure.ts';
import { type Limits, limitNames, limitTable, settingOf } from './limits.ts';

const loopbackHosts = ['127.0.0.1', '::1', 'localhost'];

/** Whom the program takes keys from must not be exchanged on the way. */
const trustworthyUrl = z.url({ protocol: /^https?$/ }).refine((text) => {
  // That it is no address at all has been said by then.
  if (!URL.canParse(text)) return true;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || loopbackHosts.includes(hostname.replace(/^\[|\]$/g, ''));
}, 'must be https, unless it is of this machine');

const limitSettings = Object.fromEntries(
  limitNames.map((name) => [
    settingOf(name),
    z.coerce
      .number()
      .int()
      .min(1)
      .max(2 ** 31 - 1)
      .default(limitTable[name][0]),
  ]),
);

/** `name=value` of each registry, between spaces. */
const byRegistry = <T extends z.ZodType<string>>(value: T) =>
  z
    .string()
    .default('')
    .transform((text) => text.split(/\s+/).filter(Boolean))
    .pipe(z.array(z.string().regex(/^[a-z][a-zA-Z0-9]{0,31}=./, 'must be name=value, between spaces')))
    .transform((entries) => Object.fromEntries(entries.map((entry) => entry.split(/=(.*)/s).slice(0, 2))))
    .pipe(z.record(z.string(), value));

const settings = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  NOMOGRAPH_DATA: z.string().min(1).default('.nomograph'),
  NOMOGRAPH_HOST: z.string().min(1).default('127.0.0.1'),
  NOMOGRAPH_PORT: z.coerce.number().int().min(0).max(65535).default(4000),
  NOMOGRAPH_ROLE: z.enum(['all', 'api', 'worker']).default('all'),
  NOMOGRAPH_THREADS: z.coerce.number().int().min(1).max(256).default(availableParallelism()),
  NOMOGRAPH_TOKEN: z.string().min(16).optional(),
  NOMOGRAPH_ADMIN_KEY: z.string().min(32).optional(),
  NOMOGRAPH_METRICS_KEY: z.string().min(32).optional(),
  NOMOGRAPH_OIDC_ISSUER: trustworthyUrl.optional(),
  NOMOGRAPH_OIDC_AUDIENCE: z.string().min(1).optional(),
  NOMOGRAPH_OIDC_JWKS: trustworthyUrl.optional(),
  NOMOGRAPH_OIDC_ROLES_CLAIM: z.string().min(1).default('nomograph'),
  NOMOGRAPH_MAX_UPLOAD_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .default(2 ** 30),
  ...limitSettings,
  NOMOGRAPH_INTROSPECTION: z.enum(['true', 'false']).optional(),
  NOMOGRAPH_TRUSTED_DOCUMENTS: z.string().min(1).optional(),
  NOMOGRAPH_TRUSTED_ONLY: z.enum(['true', 'false']).default('false'),
  NOMOGRAPH_REGISTRIES: byRegistry(
    // What is asked is told with its address; a secret is a setting of its own.
    trustworthyUrl.refine(
      (text) => !/^[^/]*\/\/[^/]*@|[?#]/.test(text),
      'must have no user, query or fragment',
    ),
  ),
  NOMOGRAPH_REGISTRY_TOKENS: byRegistry(z.string()),
  NOMOGRAPH_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  NODE_ENV: z.string().default('development'),
});

/** What the program can be told from outside, once it is checked. */
export interface Config {
  /** A PostgreSQL server of the user's own; the embedded one where it is absent. */
  readonly databaseUrl: string | undefined;
  /** Where the embedded database, the objects and unfinished uploads live. */
  readonly dataDirectory: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** What this process does: answer requests, run jobs, or both. */
  readonly role: 'all' | 'api' | 'worker';
  /** Worker threads for extraction and fitting. */
  readonly threads: number;
  /** Whether the server listens to this machine alone, which the development sign-in is limited to. */
  readonly loopback: boolean;
  /** The token of the development sign-in; a random one is kept in the data directory where it is absent. */
  readonly token: string | undefined;
  /** An API key that may do everything, by which others are made. */
  readonly adminKey: string | undefined;
  /** An API key that may read the metrics, and nothing else. */
  readonly metricsKey: string | undefined;
  /** Whose tokens are accepted, if anybody's. */
  readonly oidc:
    | {
        readonly issuer: string;
        readonly audience: string;
        readonly jwks: string | undefined;
        readonly rolesClaim: string;
      }
    | undefined;
  readonly maxUploadBytes: number;
  readonly limits: Limits;
  /** Whether clients may ask for the schema, and are told of names like those that they mistook. */
  readonly introspection: boolean;
  /** A folder or a manifest of documents that clients may name by their SHA-256. */
  readonly trustedDocuments: string | undefined;
  /** Whether all other documents are refused. */
  readonly trustedOnly: boolean;
  /** The addresses of registries that outcomes may be imported from, by name. */
  readonly registries: Readonly<Record<string, string>>;
  /** What they want as bearer tokens, by name. */
  readonly registryTokens: Readonly<Record<string, string>>;
  readonly logLevel: string;
  readonly development: boolean;
}

/** Reads and checks the settings in `environment`. Throws `CONFIG_INVALID` that names every setting at fault. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  // A variable that is set but empty counts as absent, as in most programs.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Failure('CONFIG_INVALID', `Settings are not valid: ${faults.join('; ')}`, { settings: faults });
  }
  const values = parsed.data;
  const { NOMOGRAPH_OIDC_ISSUER: issuer, NOMOGRAPH_OIDC_AUDIENCE: audience } = values;
  if ((issuer === undefined) !== (audience === undefined)) {
    throw new Failure(
      'CONFIG_INVALID',
      'NOMOGRAPH_OIDC_ISSUER and NOMOGRAPH_OIDC_AUDIENCE belong together: a token without its audience may be meant for anybody',
      { setting: issuer === undefined ? 'NOMOGRAPH_OIDC_ISSUER' : 'NOMOGRAPH_OIDC_AUDIENCE' },
    );
  }
  const loopback = loopbackHosts.includes(values.NOMOGRAPH_HOST);
  const listens = values.NOMOGRAPH_ROLE !== 'worker';
  if (listens && !loopback && issuer === undefined && values.NOMOGRAPH_ADMIN_KEY === undefined) {
    throw new Failure(
      'CONFIG_INVALID',
      `NOMOGRAPH_HOST ${values.NOMOGRAPH_HOST} is not this machine alone, which the development sign-in is for: set NOMOGRAPH_OIDC_ISSUER and NOMOGRAPH_OIDC_AUDIENCE, or NOMOGRAPH_ADMIN_KEY to a secret of 32 characters or more, first`,
      { setting: 'NOMOGRAPH_HOST', value: values.NOMOGRAPH_HOST },
    );
  }
  if (values.NOMOGRAPH_TRUSTED_ONLY === 'true' && !values.NOMOGRAPH_TRUSTED_DOCUMENTS)
    throw new Failure(
      'CONFIG_INVALID',
      'NOMOGRAPH_TRUSTED_ONLY needs NOMOGRAPH_TRUSTED_DOCUMENTS: without any, every document would be refused',
      { setting: 'NOMOGRAPH_TRUSTED_DOCUMENTS' },
    );
  const development = values.NODE_ENV !== 'production';
  const numbers = values as unknown as Record<string, number>;
  return {
    databaseUrl: values.DATABASE_URL,
    dataDirectory: resolve(values.NOMOGRAPH_DATA),
    host: values.NOMOGRAPH_HOST,
    port: values.NOMOGRAPH_PORT,
    role: values.NOMOGRAPH_ROLE,
    threads: values.NOMOGRAPH_THREADS,
    loopback,
    token: values.NOMOGRAPH_TOKEN,
    adminKey: values.NOMOGRAPH_ADMIN_KEY,
    metricsKey: values.NOMOGRAPH_METRICS_KEY,
    oidc:
      issuer !== undefined && audience !== undefined
        ? {
            issuer,
            audience,
            jwks: values.NOMOGRAPH_OIDC_JWKS,
            rolesClaim: values.NOMOGRAPH_OIDC_ROLES_CLAIM,
          }
        : undefined,
    maxUploadBytes: values.NOMOGRAPH_MAX_UPLOAD_BYTES,
    limits: Object.fromEntries(
      limitNames.map((name) => [name, numbers[settingOf(name)]]),
    ) as unknown as Limits,
    introspection: values.NOMOGRAPH_INTROSPECTION ? values.NOMOGRAPH_INTROSPECTION === 'true' : development,
    trustedDocuments: values.NOMOGRAPH_TRUSTED_DOCUMENTS && resolve(values.NOMOGRAPH_TRUSTED_DOCUMENTS),
    trustedOnly: values.NOMOGRAPH_TRUSTED_ONLY === 'true',
    registries: values.NOMOGRAPH_REGISTRIES,
    registryTokens: values.NOMOGRAPH_REGISTRY_TOKENS,
    logLevel: values.NOMOGRAPH_LOG_LEVEL,
    development,
  };
}
