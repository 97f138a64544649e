import { Failure } from '../../src/engine/failure.ts';

/** The failure that `work` ends in. Anything else that it throws, and throwing nothing, fails the test. */
export function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('No failure was thrown.');
}
