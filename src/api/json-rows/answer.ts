import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { execute, type GraphQLSchema } from 'graphql';
import type { Context } from '../context.ts';
import { PlainOperations } from './plain-operations.ts';

/** By which a gateway asks for the time of each field. */
const traceHeader = 'apollo-federation-include-trace';

/**
 * Answers plain operations over HTTP with what PostgreSQL writes. They are executed as all are, but that a page's edges are a
 * leaf; one with errors, and one whose fields are to be timed, goes the ordinary way.
 */
export function answerPlainOperations(schema: GraphQLSchema): ApolloServerPlugin<Context> {
  const plain = new PlainOperations(schema);
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ document, operation, operationName, request, contextValue }) {
          if (request.http?.headers.get(traceHeader) === 'ftv1' || !plain.has(document, operation))
            return null;
          const result = await execute({
            schema: plain.schema,
            document,
            contextValue,
            operationName,
            variableValues: request.variables ?? {},
          });
          if (result.errors) return null;
          return {
            http: { headers: new HeaderMap() },
            body: { kind: 'single', singleResult: { data: result.data ?? null } },
          };
        },
      };
    },
  };
}
