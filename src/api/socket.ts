import type { Server } from 'node:http';
import type { FormattedExecutionResult, GraphQLSchema } from 'graphql';
import { CloseCode } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocket, WebSocketServer } from 'ws';
import { createContext, type Platform } from './context.ts';
import { prepareOperation } from './prepare-operation.ts';
import { presentError } from './present-error.ts';
import type { SignIn } from './sign-in.ts';

/** Serves operations over the graphql-transport-ws protocol at `/graphql`; returns how to close every socket. */
export function serveSockets(
  server: Server,
  schema: GraphQLSchema,
  platform: Platform,
  signIn: SignIn,
): () => Promise<void> {
  // Not by `server`: it would report the server's own errors, a taken port say, as defects of the sockets.
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1_000_000 });
  server.on('upgrade', (request, socket, head) => {
    if (request.url?.split('?')[0] === '/graphql')
      sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  });
  const present = (errors: readonly unknown[]) => errors.map((error) => presentError(error, platform.log));
  const { dispose } = useServer(
    {
      schema,
      context: () => createContext(platform),
      onSubscribe: (_context, _id, payload) => prepareOperation(schema, payload),
      connectionInitWaitTimeout: 10_000,
      onConnect: ({ connectionParams, extra }) => {
        if (signIn.acceptsSocket(extra.request, connectionParams)) return true;
        extra.socket.close(
          CloseCode.Forbidden,
          'UNAUTHENTICATED: give authorization as a connection parameter',
        );
        return false;
      },
      // Where the socket broke, the error is that nothing could be sent: no defect, and nobody is there to be told.
      onError: ({ extra }, _id, _payload, errors) =>
        extra.socket.readyState === WebSocket.OPEN
          ? present(errors)
          : errors.map(({ message }) => ({ message })),
      onNext: (_context, _id, _payload, _args, result) =>
        ({ ...result, ...(result.errors && { errors: present(result.errors) }) }) as FormattedExecutionResult,
    },
    sockets,
  );
  return async () => {
    await dispose();
  };
}
