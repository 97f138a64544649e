import type { IncomingMessage } from 'node:http';
import { type Request, type Response, Router, urlencoded } from 'express';
import { Failure } from '../engine/failure.ts';
import type { Authenticator } from './rights/authenticator.ts';
import type { Principal } from './rights/principal.ts';

const cookieName = 'nomograph_token';

/**
 * Finds who asks. A program sends what it signs in with as `Authorization: Bearer …`; a browser gets it as a cookie that
 * no script can read and no other site can use.
 */
export class SignIn {
  readonly #authenticator: Authenticator;

  constructor(authenticator: Authenticator) {
    this.#authenticator = authenticator;
  }

  /** Who sends the request. Throws `UNAUTHENTICATED` for nobody. */
  async require(request: IncomingMessage): Promise<Principal> {
    const [scheme, given] = (request.headers.authorization ?? '').split(' ');
    const principal = await this.#authenticator.authenticate(
      scheme.toLowerCase() === 'bearer' ? given : readCookie(request),
    );
    if (principal) return principal;
    throw new Failure(
      'UNAUTHENTICATED',
      'sign in first: send "Authorization: Bearer <token>", or open /sign-in in a browser',
    );
  }

  /** Who opens a WebSocket: by a token among its parameters, or by the cookie from a page of this very server. */
  ofSocket(
    request: IncomingMessage,
    parameters: Readonly<Record<string, unknown>> | undefined,
  ): Principal | null | Promise<Principal | null> {
    const given = parameters?.authorization ?? parameters?.Authorization;
    if (typeof given === 'string') return this.#authenticator.authenticate(given.replace(/^bearer /i, ''));
    const { origin, host } = request.headers;
    return isSameOrigin(origin, host) ? this.#authenticator.authenticate(readCookie(request)) : null;
  }

  /** The pages of the sign-in. The token comes in the fragment of the address, which browsers send to nobody. */
  routes(): Router {
    const router = Router();
    router.get('/sign-in', (_request: Request, response: Response) => {
      response.type('html').set('cache-control', 'no-store').send(signInPage(''));
    });
    router.post(
      '/sign-in',
      urlencoded({ extended: false, limit: '4kb' }),
      async (request: Request, response: Response) => {
        const token = (request.body as { token?: unknown } | undefined)?.token;
        if (typeof token !== 'string' || !(await this.#authenticator.authenticate(token))) {
          response
            .status(401)
            .type('html')
            .set('cache-control', 'no-store')
            .send(signInPage('That is not the token of this server.'));
          return;
        }
        response.cookie(cookieName, token, {
          httpOnly: true,
          sameSite: 'strict',
          secure: request.secure,
          path: '/',
        });
        response.redirect(303, '/');
      },
    );
    return router;
  }
}

function readCookie(request: IncomingMessage): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === cookieName && value) return decode(value);
  }
  return undefined;
}

/** The text behind percent signs; undefined where they are malformed. */
function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

function isSameOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}

/** `message` is the program's own text. */
const signInPage = (message: string) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Nomograph: sign in</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}input{width:100%;font:inherit;padding:.4rem;box-sizing:border-box}button{font:inherit;margin-top:.8rem;padding:.4rem 1.2rem}</style></head>
<body><h1>Nomograph</h1>
<p role="alert">${message}</p>
<form method="post" action="/sign-in"><label>Token of this server<br><input name="token" type="password" autocomplete="current-password" required autofocus></label>
<button>Sign in</button></form>
<script>
const signIn = () => {
  if (location.hash.length < 2) return;
  const form = document.forms[0];
  form.token.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, '', '/sign-in');
  form.submit();
};
signIn();
// The address was typed over this very page.
addEventListener('hashchange', signIn);
</script>
</body></html>
`;
