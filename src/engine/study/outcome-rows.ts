import type { SurvivalData } from '../survival/index.ts';

/** The survival data of some rows of a table, which may repeat. */
export function outcomeOf(outcome: Pick<SurvivalData, 'time' | 'event'>, rows: Int32Array): SurvivalData {
  return {
    time: Float64Array.from(rows, (row) => outcome.time[row]),
    event: Uint8Array.from(rows, (row) => outcome.event[row]),
  };
}

export function countEvents({ event }: Pick<SurvivalData, 'event'>): number {
  return event.reduce((sum, value) => sum + value, 0);
}
