import type { Config } from '../../src/config.ts';
import { Issuer } from './issuer.ts';
import { type GraphBody, TestServer } from './server.ts';
import { type SitedCohort, sitedCohort } from './sited-cohort.ts';

export const unknown = '01900000-0000-7000-8000-000000000000';
export const anyQuery = '{ viewer { id kind grants { role cohortKey site } } }';
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
export const codes = ({ errors = [] }: GraphBody) => errors.map(({ extensions }) => extensions.code);

/** A server with an issuer of tokens, and two cohorts of which somebody may see some sites. */
export interface SitedServer {
  readonly issuer: Issuer;
  readonly server: TestServer;
  readonly alpha: SitedCohort;
  readonly beta: SitedCohort;
  /** Asks with a credential. */
  ask(token: string, query: string, variables?: object): Promise<GraphBody>;
  /** Asks as somebody whose token has the grants. */
  as(grants: readonly string[], query: string, variables?: object): Promise<GraphBody>;
  stop(): Promise<void>;
}

export async function startSitedServer(settings: Partial<Config> = {}): Promise<SitedServer> {
  const issuer = await Issuer.start();
  // Nobody works on jobs: they wait, and so does who follows them.
  const server = await TestServer.start({ oidc: issuer.settings, role: 'api', ...settings });
  const ask = async (token: string, query: string, variables: object = {}) =>
    (await server.post({ query, variables }, bearer(token))).body;
  return {
    issuer,
    server,
    alpha: await sitedCohort(server, 'alpha', ['north', 'south', 'none']),
    beta: await sitedCohort(server, 'beta', ['north']),
    ask,
    as: async (grants, query, variables) => ask(await issuer.token(grants), query, variables),
    stop: async () => {
      await server.stop();
      await issuer.stop();
    },
  };
}
