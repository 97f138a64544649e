import type { RequestHandler, Response } from 'express';
import { type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import type { Failure } from '../../engine/failure.ts';
import type { Limits } from '../../limits.ts';
import { beyond } from './beyond.ts';
import { asRefusal } from './guard.ts';

const late = ({ requestSeconds }: Limits): Failure =>
  beyond(
    'requestSeconds',
    requestSeconds,
    requestSeconds,
    `the request was not answered within ${requestSeconds} seconds`,
  );

/** Has `refuse` answer a request over HTTP when its time is over; what is found out later meets an answer that has ended. */
export function withinTime(
  limits: Limits,
  refuse: (response: Response, failure: Failure) => void,
): RequestHandler {
  return (_request, response, next) => {
    const timer = setTimeout(() => {
      if (!response.headersSent) refuse(response, late(limits));
    }, limits.requestSeconds * 1000).unref();
    response.once('close', () => clearTimeout(timer));
    next();
  };
}

/** Executes a query or mutation for a socket or stream, whose answer is a failure when its time is over. */
export function executeWithinTime(
  limits: Limits,
): (operation: ExecutionArgs) => Promise<ExecutionResult> | ExecutionResult {
  return (operation) => {
    const result = execute(operation);
    if (!(result instanceof Promise)) return result;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<ExecutionResult>((resolve) => {
      timer = setTimeout(
        () => resolve({ errors: [asRefusal(late(limits))] }),
        limits.requestSeconds * 1000,
      ).unref();
    });
    return Promise.race([result, timeout]).finally(() => clearTimeout(timer));
  };
}
