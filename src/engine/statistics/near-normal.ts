import { normal } from './normal.ts';

/**
 * log [P(Z > z) + correction · φ(z)] for a standard normal Z: the form in which the tails of the gamma and beta
 * distributions tend to the normal's, with z the signed root of twice the deviance and a correction that tends to 0.
 */
export function logNearNormalUpper(z: number, correction: number): number {
  const logUpper = normal.logUpper(z);
  if (logUpper === -Infinity) return logUpper;
  const logDensity = -0.5 * z * z - 0.5 * Math.log(2 * Math.PI);
  // The ratio of density and tail would overflow on its own where the tail is negligible, and tends to z.
  const ratio = z > 1e6 ? z : Math.exp(logDensity - logUpper);
  return logUpper + Math.log1p(correction * ratio);
}
