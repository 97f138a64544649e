import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestHandler, Response } from 'express';
import { type ExecutionArgs, type ExecutionResult, execute, getOperationAST } from 'graphql';
import { Failure } from '../../engine/failure.ts';
import type { Limits } from '../../limits.ts';
import type { StatementScope } from '../../store/statement-scope.ts';
import type { Context, Platform } from '../context.ts';
import { beyond } from './beyond.ts';
import { asRefusal } from './guard.ts';

const late = ({ requestSeconds }: Limits): Failure =>
  beyond(
    'requestSeconds',
    requestSeconds,
    requestSeconds,
    `the request was not answered within ${requestSeconds} seconds`,
  );

/**
 * Has `refuse` answer a request over HTTP when its time is over; what is found out later meets an answer that has ended. Its
 * statements end then, or when its client goes away.
 */
export function withinTime(
  limits: Limits,
  { statementScope }: Platform,
  refuse: (response: Response, failure: Failure) => void,
): RequestHandler {
  return (_request, response, next) => {
    const statements = statementScope();
    response.locals.statements = statements;
    const timer = setTimeout(() => {
      const failure = late(limits);
      if (!response.headersSent) refuse(response, failure);
      statements.end(failure);
    }, limits.requestSeconds * 1000).unref();
    response.once('close', () => {
      clearTimeout(timer);
      if (!response.writableFinished) leave({ statements });
    });
    statements.run(next);
  };
}

/** The statements of a request that is held to its time. */
export function statementsOf({ locals }: Response): StatementScope {
  return locals.statements;
}

/** Executes a query or mutation for a socket or stream, whose answer is a failure when its time is over. */
export function executeWithinTime(
  limits: Limits,
): (operation: ExecutionArgs) => Promise<ExecutionResult> | ExecutionResult {
  return (operation) => {
    const { statements } = operation.contextValue as Context;
    finishChange(statements, getOperationAST(operation.document, operation.operationName)?.operation);
    const result = statements.run(() => execute(operation));
    if (!(result instanceof Promise)) return result;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<ExecutionResult>((resolve) => {
      timer = setTimeout(() => {
        const failure = late(limits);
        resolve({ errors: [asRefusal(failure)] });
        statements.end(failure);
      }, limits.requestSeconds * 1000).unref();
    });
    return Promise.race([result, timeout]).finally(() => clearTimeout(timer));
  };
}

/** Ends the statements of a query whose client waits no longer. */
export function leave({ statements }: Pick<Context, 'statements'>): void {
  if (!statements.isChange)
    statements.end(new Failure('SERVICE_UNAVAILABLE', 'the client has gone away before the answer'));
}

/** A change is made though its client may have gone: who cannot know is better off with it done than with it half known. */
export const finishChanges: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation, contextValue }) {
        finishChange(contextValue.statements, operation?.operation);
      },
    };
  },
};

function finishChange(statements: StatementScope, operation: string | undefined): void {
  statements.isChange = operation === 'mutation';
}
