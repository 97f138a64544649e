import { createClient } from 'graphql-ws/client';
import { addressOf, tokenOf } from './connection.ts';
import { connectionFailed, errorOf, type GraphErrorBody, NomographError } from './nomograph-error.ts';
import type { OpenStream, StreamedResult } from './stream.ts';

/** A subscription over a WebSocket of its own, by graphql-transport-ws. Resuming is its caller's, who knows from where. */
export const openWebSocket: OpenStream = async function* (request) {
  const { connection, query, variables, signal, silence, onConnected } = request;
  const token = await tokenOf(connection);
  let answered = true;
  let listening: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url: addressOf(connection, '/graphql').replace(/^http/, 'ws'),
    webSocketImpl: connection.webSocket,
    retryAttempts: 0,
    connectionAckWaitTimeout: silence,
    keepAlive: silence / 2,
    ...(token !== undefined && { connectionParams: { authorization: `Bearer ${token}` } }),
    on: {
      connected: onConnected,
      ping: (received) => {
        if (received) return;
        answered = false;
        listening = setTimeout(() => {
          if (!answered) client.terminate();
        }, silence / 2);
      },
      pong: (received) => {
        if (!received) return;
        answered = true;
        clearTimeout(listening);
      },
    },
  });
  const abort = () => client.terminate();
  signal?.addEventListener('abort', abort, { once: true });
  const results = client.iterate({ query, variables });
  try {
    signal?.throwIfAborted();
    yield* results as AsyncIterable<StreamedResult>;
  } catch (error) {
    throw errorOfSocket(error);
  } finally {
    signal?.removeEventListener('abort', abort);
    clearTimeout(listening);
    await results.return?.();
  }
};

/** graphql-ws throws the list of errors of a refused operation, the close event, or the event of an error of the network. */
function errorOfSocket(thrown: unknown): NomographError {
  if (Array.isArray(thrown)) return errorOf(thrown as readonly GraphErrorBody[]);
  const { code: closeCode, reason } = thrown as { code?: unknown; reason?: string };
  if (typeof closeCode !== 'number')
    return connectionFailed('the WebSocket cannot be opened', undefined, thrown);
  return closeCode === 4403
    ? new NomographError('UNAUTHENTICATED', reason || 'the server refused the token', {
        details: { closeCode },
      })
    : connectionFailed(`the WebSocket was closed with ${closeCode}${reason ? `: ${reason}` : ''}`, {
        closeCode,
      });
}
