import { RawSocket } from './raw-socket.ts';
import type { GraphBody, TestServer } from './server.ts';

/** What a client sends for an operation. */
export interface Asked {
  readonly query?: unknown;
  readonly variables?: unknown;
  readonly operationName?: unknown;
  readonly extensions?: unknown;
  readonly documentId?: unknown;
}

type Transport = (server: TestServer, asked: Asked, token?: string) => Promise<GraphBody>;

/** One answer to a query or mutation, by each way there is to ask for it. */
export const transports: Readonly<Record<'HTTP' | 'WebSocket' | 'event stream', Transport>> = {
  HTTP: async (server, asked, token = server.token) =>
    (await server.post(asked, { authorization: `Bearer ${token}` })).body,

  WebSocket: async (server, asked, token = server.token) => {
    const socket = await RawSocket.signedIn({ url: server.url, token });
    socket.send({ type: 'subscribe', id: '1', payload: asked });
    const message = await socket.next();
    socket.terminate();
    if (!message) throw new Error(`the server closed the socket: ${JSON.stringify(await socket.closed)}`);
    return message.type === 'error'
      ? { errors: message.payload as NonNullable<GraphBody['errors']> }
      : (message.payload as GraphBody);
  },

  'event stream': async (server, asked, token = server.token) => {
    const response = await fetch(`${server.url}/graphql/stream`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'text/event-stream',
      },
      body: JSON.stringify(asked),
    });
    const text = await response.text();
    const event = text.match(/^event: next\ndata: (.*)$/m)?.[1];
    return JSON.parse(event ?? text) as GraphBody;
  },
};

export const transportNames = Object.keys(transports) as (keyof typeof transports)[];
