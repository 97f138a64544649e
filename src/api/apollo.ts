import type { Server } from 'node:http';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { type FormattedExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { writeResult } from './answer.ts';
import type { Context } from './context.ts';
import type { Guard } from './limits/guard.ts';
import { presentError } from './present-error.ts';
import { traceOperation } from './trace-operations.ts';

interface ApolloParts {
  readonly server: Server;
  readonly schema: GraphQLSchema;
  readonly log: Logger;
  /**
   * Whether a request must carry a header that no page of another site can send without asking first. Off only for the
   * outside audit of GraphQL over HTTP, which sends what a browser would not.
   */
  readonly csrfPrevention: boolean;
  /** What operations pass on their way here; without it, they are held to the specification alone. */
  readonly guard?: Guard;
  readonly plugins?: readonly ApolloServerPlugin<Context>[];
}

/** Apollo Server as the graph is served by: it is not started yet. */
export function createApollo(parts: ApolloParts): ApolloServer<Context> {
  const { server, schema, log, csrfPrevention, guard, plugins = [] } = parts;
  return new ApolloServer<Context>({
    schema,
    csrfPrevention,
    // Whether to allow it is a rule of the guard's, so that it is the same over every transport.
    introspection: true,
    includeStacktraceInErrorResponses: false,
    // What it gives is handed on to Express as it is.
    stringifyResult: writeResult as (result: FormattedExecutionResult) => string,
    // Documents are known by their hash before the server starts, or not at all.
    persistedQueries: false,
    validationRules: [...(guard?.rules ?? [])],
    validationOptions: guard?.validationOptions ?? {},
    formatError: (formatted, error) => {
      const cause =
        error instanceof GraphQLError
          ? error
          : new GraphQLError(formatted.message, { extensions: formatted.extensions ?? {} });
      return presentError(cause, log);
    },
    plugins: [
      ApolloServerPluginDrainHttpServer({ httpServer: server, stopGracePeriodMillis: 5_000 }),
      // Apollo's own page loads its sandbox from elsewhere; ours is at / and needs no network.
      ApolloServerPluginLandingPageDisabled(),
      // It looks at every value of an answer, of which none may be cached anyway.
      ApolloServerPluginCacheControlDisabled(),
      // A gateway that asks for it is told the time of each field.
      ApolloServerPluginInlineTrace(),
      refuseSubscriptions,
      statusByMediaType,
      traceOperation,
      ...(guard ? [guard.plugin] : []),
      ...plugins,
    ],
    stopOnTerminationSignals: false,
  });
}

/** Over HTTP a subscription would be executed like a query, without its events. */
const refuseSubscriptions: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation }) {
        if (operation?.operation !== 'subscription') return;
        throw new GraphQLError('subscribe over a WebSocket (graphql-transport-ws) at this address', {
          extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
        });
      },
    };
  },
};

/** The errors of a request that is well-formed HTTP and JSON, but not of this graph. */
const requestErrors = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT'];

/**
 * Who accepts `application/json` alone may not be able to tell our answer from that of a proxy by its status, so that
 * such errors are a 200 there, and a 400 as `application/graphql-response+json`.
 *
 * Specification: https://graphql.github.io/graphql-over-http/draft/#sec-application-json
 */
const statusByMediaType: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response, request }) {
        if (response.body.kind !== 'single' || response.http.status !== 400) return;
        const accepted = request.http?.headers.get('accept') ?? '*/*';
        if (accepted.includes('application/graphql-response+json')) return;
        const codes = (response.body.singleResult.errors ?? []).map(({ extensions }) => extensions?.code);
        if (codes.length > 0 && codes.every((code) => requestErrors.includes(String(code)))) {
          response.http.status = 200;
        }
      },
    };
  },
};
