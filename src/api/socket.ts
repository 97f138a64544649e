import type { Server } from 'node:http';
import { type FormattedExecutionResult, type GraphQLSchema, subscribe } from 'graphql';
import { CloseCode, type ConnectionInitMessage } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocket, WebSocketServer } from 'ws';
import { traceOf } from '../tracing.ts';
import { finishOperation } from './audit/finish-operation.ts';
import { type Context, createContext, type Platform } from './context.ts';
import { beyond } from './limits/beyond.ts';
import { executeWithinTime, leave } from './limits/deadline.ts';
import { asRefusal, type Guard } from './limits/guard.ts';
import type { Rates } from './limits/rates.ts';
import { Slots } from './limits/slots.ts';
import { prepareOperation } from './prepare-operation.ts';
import { presentError } from './present-error.ts';
import type { Principal } from './rights/principal.ts';
import type { Sessions } from './rights/sessions.ts';
import type { SignIn } from './sign-in.ts';
import { traceExecution } from './trace-operations.ts';

interface SocketParts {
  readonly server: Server;
  readonly schema: GraphQLSchema;
  readonly platform: Platform;
  readonly signIn: SignIn;
  readonly sessions: Sessions;
  readonly guard: Guard;
  readonly rates: Rates;
}

/** Stands among what a socket has under way for an operation with one answer, whose client says that it wants no answer any longer. */
function untilLeft(context: Context): AsyncGenerator<never> {
  const waiting = (async function* () {
    try {
      yield undefined as never;
    } finally {
      leave(context);
    }
  })();
  // Only what has begun is told of its end.
  void waiting.next();
  return waiting;
}

/** Serves operations over the graphql-transport-ws protocol at `/graphql`; returns how to close every socket. */
export function serveSockets(parts: SocketParts): () => Promise<void> {
  const { server, schema, platform, signIn, sessions, guard, rates } = parts;
  const { limits } = guard;
  const slots = new Slots('sockets', limits);
  // Not by `server`: it would report the server's own errors, a taken port say, as defects of the sockets.
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.messageBytes });
  server.on('upgrade', (request, socket, head) => {
    const refuse = (status: string) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    if (request.url?.split('?')[0] !== '/graphql') {
      refuse('404 Not Found');
      return;
    }
    // Until it is a WebSocket nobody else would hear that it broke.
    socket.once('error', () => socket.destroy());
    rates.ofAddress(request).then(
      () =>
        sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request)),
      () => refuse('429 Too Many Requests'),
    );
  });
  const present = (errors: readonly unknown[]) => errors.map((error) => presentError(error, platform.log));
  const { dispose } = useServer<
    ConnectionInitMessage['payload'],
    { principal?: Principal; running?: number }
  >(
    {
      schema,
      context: async ({ extra, subscriptions }, id) => {
        const caller = traceOf(extra.request.headers);
        const context = await createContext(platform, extra.principal as Principal, { caller });
        if (id in subscriptions) subscriptions[id] = untilLeft(context);
        else leave(context);
        return context;
      },
      execute: traceExecution(executeWithinTime(limits)),
      subscribe: traceExecution(subscribe),
      onSubscribe: async ({ extra }, _id, payload) => {
        // Not those that the client still wants to hear of: a query goes on when its client says that it is done with it.
        try {
          await rates.ofPrincipal(extra.principal as Principal);
          const running = (extra.running ?? 0) + 1;
          if (running > limits.operationsPerSocket)
            throw beyond(
              'operationsPerSocket',
              limits.operationsPerSocket,
              running,
              `${running} operations would be under way on this socket`,
            );
        } catch (error) {
          return [asRefusal(error)];
        }
        const prepared = prepareOperation(schema, guard, payload);
        if ('schema' in prepared) extra.running = (extra.running ?? 0) + 1;
        return prepared;
      },
      onComplete: ({ extra }) => {
        extra.running = (extra.running ?? 0) - 1;
      },
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
          try {
            socket.once('close', slots.take(principal));
          } catch (error) {
            // "Try again later": https://www.iana.org/assignments/websocket
            socket.close(1013, `LIMIT_EXCEEDED: ${(error as Error).message}`);
            return false;
          }
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
