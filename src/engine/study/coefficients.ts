import type { CoxFit } from '../survival/index.ts';
import type { Coefficient } from './prognosis-event.ts';

/** The lines of a fitted model's table. What has no finite value is null, so that it is the same in JSON. */
export function coefficientsOf(fit: CoxFit): Coefficient[] {
  return fit.terms.map(({ name, coefficient, standardError, z, p, hazardRatio, lower, upper }) => ({
    name,
    coefficient: finite(coefficient),
    standardError: finite(standardError),
    z: finite(z),
    p: finite(p),
    hazardRatio: finite(hazardRatio),
    hazardRatioLower: finite(lower),
    hazardRatioUpper: finite(upper),
  }));
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
