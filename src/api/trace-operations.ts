import type { ApolloServerPlugin } from '@apollo/server';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { type ExecutionArgs, getOperationAST, type OperationDefinitionNode } from 'graphql';
import { type Attributes, SpanKind, traced, traceOf, tracer } from '../tracing.ts';
import type { Context } from './context.ts';

/** Has a request answered within a span, as part of the trace that it says it belongs to. */
export const traceRequests: RequestHandler = (request, response, next) => {
  const parent = traceOf(request.headers);
  const attributes = { 'http.request.method': request.method };
  const span = tracer.startSpan(request.method, { kind: SpanKind.SERVER, attributes }, parent);
  response.once('close', () => {
    // The route, not the path: that has names of cohorts in it.
    const path: unknown = request.route?.path ?? (request.baseUrl || undefined);
    if (typeof path === 'string')
      span.updateName(`${request.method} ${path}`).setAttribute('http.route', path);
    span.setAttribute('http.response.status_code', response.statusCode);
    if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  });
  context.with(trace.setSpan(parent, span), next);
};

/** Tells the span of a request which operation it is of. */
export const traceOperation: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation }) {
        trace.getActiveSpan()?.setAttributes(attributesOf(operation));
      },
      async didEncounterErrors() {
        trace.getActiveSpan()?.setStatus({ code: SpanStatusCode.ERROR });
      },
    };
  },
};

/**
 * Executes operations within a span, which for a subscription ends once its events begin. Its parent is what the
 * operation came by: an upgrade's request for a socket, the request for an event stream.
 */
export function traceExecution<R>(
  execute: (args: ExecutionArgs) => R | Promise<R>,
): (args: ExecutionArgs) => Promise<R> {
  return (args) => {
    const operation = getOperationAST(args.document, args.operationName);
    return traced(
      `graphql ${operation?.operation}`,
      {
        kind: SpanKind.SERVER,
        attributes: attributesOf(operation),
        parent: (args.contextValue as Context).caller,
      },
      () => execute(args),
    );
  };
}

/** An operation's name is of its document, which has no values in it that are not written there. */
function attributesOf(operation: OperationDefinitionNode | null | undefined): Attributes {
  if (!operation) return {};
  const name = operation.name?.value.slice(0, 100);
  return {
    'graphql.operation.type': operation.operation,
    ...(name && { 'graphql.operation.name': name }),
  };
}
