import type { Request, RequestHandler, Response } from 'express';
import { type GraphQLError, type GraphQLSchema, subscribe } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/express';
import { finishOperation } from './audit/finish-operation.ts';
import { createContext, type Platform } from './context.ts';
import { executeWithinTime, leave } from './limits/deadline.ts';
import type { Guard } from './limits/guard.ts';
import { Slots } from './limits/slots.ts';
import { prepareOperation } from './prepare-operation.ts';
import { presentError } from './present-error.ts';
import { principalOf } from './rights/principal.ts';
import { traceExecution } from './trace-operations.ts';

/**
 * Serves operations as Server-Sent Events for clients that no WebSocket reaches: the "distinct connections" mode of
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md, one stream an operation. What the events are comes
 * from the same log as over a socket.
 */
export function streamEvents(schema: GraphQLSchema, platform: Platform, guard: Guard): RequestHandler {
  const streams = new Slots('streams', guard.limits);
  const present = (errors: readonly GraphQLError[]) =>
    errors.map((error) => presentError(error, platform.log));
  const handle = createHandler({
    execute: traceExecution(executeWithinTime(guard.limits)) as never,
    subscribe: traceExecution(subscribe) as never,
    onSubscribe: async ({ context }, { query, operationName, variables }) => {
      const prepared = prepareOperation(schema, guard, { query, operationName, variables });
      if ('schema' in prepared) {
        const { res } = context;
        const contextValue = await createContext(platform, principalOf(res));
        res.once('close', () => leave(contextValue));
        if (res.closed) leave(contextValue);
        return { ...prepared, contextValue: { ...contextValue } };
      }
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      return [
        JSON.stringify({ errors: present(prepared) }),
        { status: 400, statusText: 'Bad Request', headers },
      ];
    },
    onOperation: (_context, _request, args, result) => finishOperation(args, result),
    onNext: (_context, _request, result) => {
      const { errors } = result as { errors?: readonly GraphQLError[] };
      return (errors ? { ...result, errors: present(errors) } : result) as typeof result;
    },
  });
  return (request: Request, response: Response, next) => {
    // PUT would reserve a stream for several operations, and DELETE end one of them: the other mode of the protocol.
    if (request.method !== 'GET' && request.method !== 'POST') {
      response.set('allow', 'GET, POST').sendStatus(405);
      return;
    }
    response.once('close', streams.take(principalOf(response)));
    handle(request, response).catch(next);
  };
}
