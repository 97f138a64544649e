import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
} from 'graphql';
import { asRefusal, type Guard } from './limits/guard.ts';

/** What a client of a socket or an event stream asks for. */
export interface RequestedOperation {
  readonly query?: string | null | undefined;
  readonly documentId?: unknown;
  readonly extensions?: Record<string, unknown> | null | undefined;
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

/** An operation that can be executed, or why not, with the codes that are given over HTTP. */
export function prepareOperation(
  schema: GraphQLSchema,
  guard: Guard,
  requested: RequestedOperation,
): PreparedOperation | readonly GraphQLError[] {
  const { operationName, variables } = requested;
  const coded = (code: string, errors: readonly GraphQLError[]) => {
    for (const error of errors) error.extensions.code = code;
    return errors;
  };
  let document: DocumentNode;
  try {
    document = guard.parse(guard.admit(requested) ?? '');
  } catch (error) {
    if (error instanceof GraphQLError) return coded('GRAPHQL_PARSE_FAILED', [error]);
    return [asRefusal(error)];
  }
  const invalid = guard.validate(document);
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
  try {
    guard.requireCost(document, operationName, variables);
  } catch (error) {
    return [asRefusal(error)];
  }
  return {
    schema,
    document,
    operationName: operationName ?? undefined,
    variableValues: variables ?? undefined,
  };
}
