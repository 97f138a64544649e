import type { Server } from 'node:http';
import type { FormattedExecutionResult, GraphQLSchema } from 'graphql';
import { CloseCode, type ConnectionInitMessage } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocket, WebSocketServer } from 'ws';
import { finishOperation } from './audit/finish-operation.ts';
import { createContext, type Platform } from './context.ts';
import { prepareOperation } from './prepare-operation.ts';
import { presentError } from './present-error.ts';
import type { Principal } from './rights/principal.ts';
import type { Sessions } from './rights/sessions.ts';
import type { SignIn } from './sign-in.ts';

/** Serves operations over the graphql-transport-ws protocol at `/graphql`; returns how to close every socket. */
export function serveSockets(
  server: Server,
  schema: GraphQLSchema,
  platform: Platform,
  signIn: SignIn,
  sessions: Sessions,
): () => Promise<void> {
  // Not by `server`: it would report the server's own errors, a taken port say, as defects of the sockets.
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1_000_000 });
  server.on('upgrade', (request, socket, head) => {
    if (request.url?.split('?')[0] === '/graphql')
      sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  });
  const present = (errors: readonly unknown[]) => errors.map((error) => presentError(error, platform.log));
  const { dispose } = useServer<ConnectionInitMessage['payload'], { principal?: Principal }>(
    {
      schema,
      context: ({ extra }) => createContext(platform, extra.principal as Principal),
      onSubscribe: (_context, _id, payload) => prepareOperation(schema, payload),
      connectionInitWaitTimeout: 10_000,
      onConnect: ({ connectionParams, extra }) => {
        const { socket, request } = extra;
        const decide = (principal: Principal | null) => {
          if (!principal) {
            socket.close(
              CloseCode.Forbidden,
              'UNAUTHENTICATED: give authorization as a connection parameter',
            );
            return false;
          }
          extra.principal = principal;
          const leave = sessions.watch(principal, () =>
            socket.close(
              CloseCode.Forbidden,
              'UNAUTHENTICATED: the token has ended, or a right was withdrawn',
            ),
          );
          socket.once('close', leave);
          if (socket.readyState !== WebSocket.OPEN) leave();
          return true;
        };
        const principal = signIn.ofSocket(request, connectionParams);
        return principal instanceof Promise ? principal.then(decide) : decide(principal);
      },
      onOperation: (_context, _id, _payload, args, result) => finishOperation(args, result),
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
