import { Failure } from '../failure.ts';
import type { SurvivalData } from './survival-data.ts';

/** @throws Failure ARGUMENT_INVALID if the data have a part that a procedure does not take. */
export function refuseParts(
  data: SurvivalData,
  parts: readonly ('entry' | 'weights' | 'strata')[],
  procedure: string,
): void {
  for (const argument of parts) {
    if (!data[argument]) continue;
    throw new Failure('ARGUMENT_INVALID', `${procedure} does not take data with ${argument}.`, { argument });
  }
}
