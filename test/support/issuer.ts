import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export const audience = 'nomograph-under-test';

interface KeyPair {
  readonly kid: string;
  readonly algorithm: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** An OpenID Connect issuer on this machine: a discovery document, keys of every kind that is accepted, tokens. */
export class Issuer {
  readonly url: string;
  readonly keys: readonly KeyPair[];
  readonly stop: () => Promise<void>;
  /** How often its keys were asked for. */
  asked = 0;

  private constructor(url: string, keys: readonly KeyPair[], stop: () => Promise<void>) {
    this.url = url;
    this.keys = keys;
    this.stop = stop;
  }

  static async start(): Promise<Issuer> {
    const keys = await Promise.all(
      ['RS256', 'ES256', 'EdDSA'].map(async (algorithm) => ({
        kid: `key of ${algorithm}`,
        algorithm,
        ...(await generateKeyPair(algorithm, { extractable: true })),
      })),
    );
    const set = {
      keys: await Promise.all(
        keys.map(async ({ kid, algorithm, publicKey }) => ({
          ...(await exportJWK(publicKey)),
          kid,
          alg: algorithm,
        })),
      ),
    };
    let issuer: Issuer;
    const server = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      if (request.url === '/.well-known/openid-configuration')
        response.end(JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys` }));
      else if (request.url === '/keys') {
        issuer.asked++;
        response.end(JSON.stringify(set));
      } else response.writeHead(404).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    issuer = new Issuer(`http://127.0.0.1:${port}`, keys, async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    return issuer;
  }

  get settings() {
    return { issuer: this.url, audience, jwks: undefined, rolesClaim: 'nomograph' };
  }

  /** A good token of a user with the grants, but for what is said otherwise. */
  token(
    grants: readonly string[],
    otherwise: JWTPayload & { algorithm?: string; signedBy?: CryptoKey; kid?: string } = {},
  ): Promise<string> {
    const { algorithm = 'RS256', signedBy, kid, ...claims } = otherwise;
    const pair = this.keys.find((key) => key.algorithm === algorithm) as KeyPair;
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      iss: this.url,
      aud: audience,
      sub: 'somebody',
      iat: now,
      exp: now + 600,
      nomograph: grants,
      ...claims,
    };
    const present = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
    return new SignJWT(present)
      .setProtectedHeader({ alg: algorithm, kid: kid ?? pair.kid })
      .sign(signedBy ?? pair.privateKey);
  }
}
