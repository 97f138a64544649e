import type { Server } from 'node:http';
import { type FormattedExecutionResult, type GraphQLSchema, parse } from 'graphql';
import { CloseCode } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { createContext, type Platform } from './context.ts';
import { maxTokens } from './limits.ts';
import { presentError } from './present-error.ts';
import type { SignIn } from './sign-in.ts';

/** Serves operations over the graphql-transport-ws protocol at `/graphql`; returns how to close every socket. */
export function serveSockets(
  server: Server,
  schema: GraphQLSchema,
  platform: Platform,
  signIn: SignIn,
): () => Promise<void> {
  const sockets = new WebSocketServer({ server, path: '/graphql', maxPayload: 1_000_000 });
  const present = (errors: readonly unknown[]) => errors.map((error) => presentError(error, platform.log));
  const { dispose } = useServer(
    {
      schema,
      context: () => createContext(platform),
      parse: (source) => parse(source, { maxTokens }),
      connectionInitWaitTimeout: 10_000,
      onConnect: ({ connectionParams, extra }) => {
        if (signIn.acceptsSocket(extra.request, connectionParams)) return true;
        extra.socket.close(
          CloseCode.Forbidden,
          'UNAUTHENTICATED: give authorization as a connection parameter',
        );
        return false;
      },
      onError: (_context, _id, _payload, errors) => present(errors),
      onNext: (_context, _id, _payload, _args, result) =>
        ({ ...result, ...(result.errors && { errors: present(result.errors) }) }) as FormattedExecutionResult,
    },
    sockets,
  );
  return async () => {
    await dispose();
  };
}
