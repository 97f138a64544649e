import { Failure, type FailureJson } from '../engine/failure.ts';

/** What a worker thread sends back: its value, or the expected failure that ended it (an Error would lose its code on the way). */
export type ThreadResult<T> = { readonly value: T } | { readonly failure: FailureJson };

/** Runs `work` in a worker thread; expected failures become part of the result, defects stay exceptions. */
export async function asThreadResult<T>(work: () => T | Promise<T>): Promise<ThreadResult<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof Failure) return { failure: error.toJSON() };
    throw error;
  }
}

/** The value of a thread's result on the main thread; throws its failure. */
export function unwrap<T>(result: ThreadResult<T>): T {
  if ('value' in result) return result.value;
  const { code, message, details } = result.failure;
  throw new Failure(code, message, details);
}
