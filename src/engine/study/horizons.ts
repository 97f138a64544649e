import type { Warning } from '../warning.ts';
import { fromMonths, type TimeUnit } from './time-unit.ts';

/** The horizons of a study in an endpoint's unit of time, without those past the last follow-up, which are warned of. */
export function reachableHorizons(
  months: readonly number[],
  unit: TimeUnit,
  lastFollowUp: number,
  endpoint: string,
): { readonly horizons: readonly number[]; readonly warnings: readonly Warning[] } {
  const warnings: Warning[] = [];
  const horizons: number[] = [];
  for (const month of months) {
    const horizon = fromMonths(month, unit);
    if (horizon <= lastFollowUp) horizons.push(horizon);
    else {
      const message = `${endpoint}: no training patient was followed for ${month} months.`;
      warnings.push({ code: 'HORIZON_PAST_FOLLOW_UP', message, subject: String(month) });
    }
  }
  return { horizons, warnings };
}
