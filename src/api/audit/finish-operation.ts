import type { ApolloServerPlugin } from '@apollo/server';
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { getOperationAST } from 'graphql';
import type { Context } from '../context.ts';

/** Has the audit log take note of what an operation has read, over whatever transport, once it was executed. */
export function finishOperation(
  {
    document,
    operationName,
    contextValue,
  }: Pick<ExecutionArgs, 'document' | 'operationName' | 'contextValue'>,
  result: unknown,
): void {
  const operation = getOperationAST(document, operationName);
  (contextValue as Context).audit.finish({
    type: operation?.operation,
    name: operation?.name?.value,
    errors: (result as ExecutionResult).errors,
  });
}

/** The same for operations over HTTP. */
export const finishHttpOperations: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue, operation, operationName: name, errors }) {
        contextValue.audit.finish({ type: operation?.operation, name, errors });
      },
    };
  },
};
