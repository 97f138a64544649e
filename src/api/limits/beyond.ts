import { Failure } from '../../engine/failure.ts';
import type { LimitName } from '../../limits.ts';

/** How deep brackets of a document and of JSON may be nested: what reads them recurses. */
export const maxNesting = 64;
/** How many different names the members of a request's JSON have: each new one costs far more than its length. */
export const maxNames = 5_000;
/** The most directives in one place: no field needs more than to be skipped and included. */
export const maxDirectivesOfOneField = 4;
/** Errors of a document after which validation stops. */
export const maxValidationErrors = 20;

/** The failure of a request beyond a limit: `what` says it in words. */
export function beyond(
  limit: LimitName | 'nesting' | 'names' | 'directivesOfOneField',
  maximum: number,
  actual: number,
  what: string,
): Failure {
  return new Failure('LIMIT_EXCEEDED', `${what}; the limit is ${maximum}`, { limit, maximum, actual });
}
