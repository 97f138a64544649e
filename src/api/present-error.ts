import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import type { Logger } from 'pino';
import { Failure, type FailureCode } from '../engine/failure.ts';

/** GraphQL's own rejections of a document or its variables, as Apollo Server and graphql-ws name them. */
const documentCodes = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
]);

/**
 * An error as clients see it: expected failures with their code and details in `extensions`, rejections of the document
 * as they are, and anything else as INTERNAL, whose cause goes to the log alone.
 */
export function presentError(error: unknown, log: Logger): GraphQLFormattedError {
  const graphqlError =
    error instanceof GraphQLError
      ? error
      : new GraphQLError('Unexpected error', { originalError: error as Error });
  const cause = findCause(graphqlError);
  const { locations, path } = graphqlError.toJSON();
  const place = { ...(locations && { locations }), ...(path && { path }) };
  if (cause instanceof Failure) {
    return { message: cause.message, ...place, extensions: { code: cause.code, details: cause.details } };
  }
  const code = graphqlError.extensions.code;
  if (!cause || documentCodes.has(String(code))) {
    return {
      message: graphqlError.message,
      ...place,
      extensions: { code: code ?? 'GRAPHQL_VALIDATION_FAILED' },
    };
  }
  if (isUnkeepableText(cause)) {
    const invalid: FailureCode = 'INPUT_INVALID';
    return { message: 'a text holds a NUL character', ...place, extensions: { code: invalid } };
  }
  // Not the path, which has the client's own aliases.
  const [node] = graphqlError.nodes ?? [];
  const field = node?.kind === Kind.FIELD ? node.name.value : undefined;
  log.error({ err: cause, field }, 'unexpected error in the graph');
  const internal: FailureCode = 'INTERNAL';
  return {
    message: 'A defect of the program; the details are in the log.',
    ...place,
    extensions: { code: internal },
  };
}

/** The innermost error that a GraphQL error stands for; none for a rejection by GraphQL itself. */
function findCause(error: GraphQLError): Error | undefined {
  let cause: Error | null | undefined = error.originalError;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause instanceof GraphQLError ? undefined : (cause ?? undefined);
}

/** PostgreSQL knows no NUL in text; wherever it comes in, the database is where it is noticed for sure. */
export function isUnkeepableText(error: unknown): boolean {
  return ['22021', '22P05'].includes((error as { driverError?: { code?: string } }).driverError?.code ?? '');
}
