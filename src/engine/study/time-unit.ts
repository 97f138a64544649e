/** The unit of survival times. Times are months unless a field says otherwise. */
export const timeUnits = ['DAYS', 'MONTHS', 'YEARS'] as const;
export type TimeUnit = (typeof timeUnits)[number];
