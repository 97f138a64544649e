import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';

/** Where a server is, and who asks it. */
export interface Connection {
  /** The server's address, e.g. `https://nomograph.example.org`; `location.origin` in a page that it serves. */
  readonly url: string;
  /**
   * The token or API key to sign in with. A function is asked before every request and connection, so that a token can
   * be renewed. Absent in a page whose browser has the cookie of the sign-in.
   */
  readonly token?: string | (() => string | undefined | Promise<string | undefined>) | undefined;
  /** In place of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** A class in place of the global `WebSocket`, which Node has from 22 on. */
  readonly webSocket?: unknown;
}

/** An operation as text, with the types of its result and variables: what `nomograph/client` exports, or a text of one's own. */
export type TypedDocument<TResult, TVariables> = DocumentTypeDecoration<TResult, TVariables> & {
  readonly length: number;
  toString(): string;
};

/** The address of a path on the server. */
export function addressOf({ url }: Connection, path: string): string {
  return `${url.replace(/\/+$/, '')}${path}`;
}

/** What to sign in with at this moment. */
export async function tokenOf({ token }: Connection): Promise<string | undefined> {
  return typeof token === 'function' ? token() : token;
}

/** Sends an operation as JSON by `fetch`, signed in. */
export async function post(
  connection: Connection,
  path: string,
  accept: string,
  body: { readonly query: string; readonly variables: unknown },
  signal: AbortSignal | undefined,
): Promise<Response> {
  const token = await tokenOf(connection);
  return (connection.fetch ?? fetch)(addressOf(connection, path), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
}
