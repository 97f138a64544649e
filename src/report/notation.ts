/** Stands where there is no value. */
export const absent = '–';

/** A number with a fixed count of decimals and a true minus sign. */
export function fixed(value: number | null, decimals: number): string {
  if (value === null) return absent;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : value < 0 ? '−∞' : absent;
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** A p-value as journals print it: three decimals, or `< 0.001`. */
export function pText(p: number | null): string {
  if (p === null) return absent;
  if (p < 0.001) return '< 0.001';
  return p > 0.999 ? '> 0.999' : p.toFixed(3);
}

/** `p = 0.012`, `p < 0.001`. */
export function pStatement(p: number | null): string {
  const text = pText(p);
  return p === null ? 'p not given' : /^[<>]/.test(text) ? `p ${text}` : `p = ${text}`;
}

/** A measured value for people: about four digits, as short as that allows. */
export function measured(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return fixed(value, 0);
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e6)) {
    const [mantissa, exponent] = size.toExponential(2).split('e');
    return `${value < 0 ? '−' : ''}${mantissa} × 10^${Number(exponent)}`.replace('^-', '^−');
  }
  return fixed(value, size >= 1000 || Number.isInteger(value) ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3);
}

/** `0.858 (0.811–0.905)`; with the estimate alone where the limits are not known. */
export function withLimits(
  estimate: number | null,
  lower: number | null,
  upper: number | null,
  decimals: number,
): string {
  if (estimate === null) return absent;
  if (lower === null || upper === null) return fixed(estimate, decimals);
  return `${fixed(estimate, decimals)} (${range(fixed(lower, decimals), fixed(upper, decimals))})`;
}

/** A dash between two numbers would hide a minus sign. */
function range(lower: string, upper: string): string {
  return lower.startsWith('−') || upper.startsWith('−') ? `${lower} to ${upper}` : `${lower}–${upper}`;
}

interface HazardRatio {
  readonly hazardRatio: number | null;
  readonly hazardRatioLower: number | null;
  readonly hazardRatioUpper: number | null;
}

/**
 * A hazard ratio with its 95 % limits: two decimals, or as many more (up to four) as tell the limits apart and from 1,
 * for a covariate in small units has a ratio near 1. Ratios from 1000 on are given by their power of ten.
 */
export function hazardRatioText({ hazardRatio, hazardRatioLower, hazardRatioUpper }: HazardRatio): string {
  if (hazardRatio === null) return absent;
  if (hazardRatioLower === null || hazardRatioUpper === null) return ratio(hazardRatio, 2);
  const values = [hazardRatio, hazardRatioLower, hazardRatioUpper];
  const isTold = (decimals: number) =>
    hazardRatioLower.toFixed(decimals) !== hazardRatioUpper.toFixed(decimals) &&
    values.every((value) => value === 1 || Number(value.toFixed(decimals)) !== 1);
  const decimals = [2, 3].find(isTold) ?? 4;
  return `${ratio(hazardRatio, decimals)} (${ratio(hazardRatioLower, decimals)}–${ratio(hazardRatioUpper, decimals)})`;
}

function ratio(value: number, decimals: number): string {
  if (value >= 1000 && value < Infinity) return `${value.toExponential(1).replace('e+', ' × 10^')}`;
  const least = 10 ** -decimals;
  return value > 0 && value < least / 2 ? `< ${least}` : fixed(value, decimals);
}

/** `7 patients`, `1 patient`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** `18.6 %`. */
export function percent(part: number, whole: number): string {
  return whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : absent;
}

const unitNames = { DAYS: 'days', MONTHS: 'months', YEARS: 'years' } as const;

export function unitName(unit: keyof typeof unitNames): string {
  return unitNames[unit];
}

/** The words of a list: `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** `2-year OS`, `30-month OS`: a time point in whole years or months where it is one. */
export function horizonText(horizon: number, unit: keyof typeof unitNames, endpoint: string): string {
  const months = unit === 'MONTHS' ? horizon : unit === 'YEARS' ? horizon * 12 : (horizon * 12) / 365.25;
  const whole = Math.round(months);
  if (whole === 0 || Math.abs(months - whole) > 1e-9)
    return `${measured(horizon)}-${unitNames[unit].slice(0, -1)} ${endpoint}`;
  return whole % 12 === 0 ? `${whole / 12}-year ${endpoint}` : `${whole}-month ${endpoint}`;
}
