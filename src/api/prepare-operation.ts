import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  parse,
  validate,
} from 'graphql';
import { maxTokens } from './limits.ts';

/** What a client of a socket or an event stream asks for. */
export interface RequestedOperation {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/** What can be executed. */
export interface PreparedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variableValues: Record<string, unknown> | undefined;
}

/** An operation that can be executed, or why not, with the codes that Apollo Server gives over HTTP. */
export function prepareOperation(
  schema: GraphQLSchema,
  { query, operationName, variables }: RequestedOperation,
): PreparedOperation | readonly GraphQLError[] {
  const coded = (code: string, errors: readonly GraphQLError[]) => {
    for (const error of errors) error.extensions.code = code;
    return errors;
  };
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError) return coded('GRAPHQL_PARSE_FAILED', [error]);
    throw error;
  }
  const invalid = validate(schema, document);
  if (invalid.length > 0) return coded('GRAPHQL_VALIDATION_FAILED', invalid);
  const operation = getOperationAST(document, operationName);
  if (!operation) {
    const message = operationName
      ? `Unknown operation named "${operationName}".`
      : 'Must provide operation name if query contains multiple operations.';
    return coded('OPERATION_RESOLUTION_FAILURE', [new GraphQLError(message)]);
  }
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {}, {
    maxErrors: 50,
  });
  if (errors) return coded('BAD_USER_INPUT', errors);
  return {
    schema,
    document,
    operationName: operationName ?? undefined,
    variableValues: variables ?? undefined,
  };
}
