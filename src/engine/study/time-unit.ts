/** The unit of survival times. Times are months unless a field says otherwise. */
export const timeUnits = ['DAYS', 'MONTHS', 'YEARS'] as const;
export type TimeUnit = (typeof timeUnits)[number];

/** A time in months in another unit; a month is a twelfth of a year of 365.25 days. */
export function fromMonths(months: number, unit: TimeUnit): number {
  if (unit === 'DAYS') return (months * 365.25) / 12;
  return unit === 'YEARS' ? months / 12 : months;
}
