/**
 * A continuous distribution. `Parameters` are its parameters, given after the point or the probability.
 *
 * Each tail is computed directly, never as 1 − the other, so that it keeps its relative accuracy (below 1e-12 wherever
 * the result is a normal floating-point number) however small it is; the logarithms go on where the tails underflow.
 * Points may be ±∞. Whatever is out of range is a Failure ARGUMENT_INVALID that names the argument and its value.
 */
export interface ContinuousDistribution<Parameters extends readonly number[]> {
  /** The density at x. */
  density(x: number, ...parameters: Parameters): number;
  /** P(X ≤ x). */
  lower(x: number, ...parameters: Parameters): number;
  /** P(X > x). */
  upper(x: number, ...parameters: Parameters): number;
  /** log P(X ≤ x). */
  logLower(x: number, ...parameters: Parameters): number;
  /** log P(X > x). */
  logUpper(x: number, ...parameters: Parameters): number;
  /** The x with P(X ≤ x) = p. */
  quantile(p: number, ...parameters: Parameters): number;
  /** The x with P(X > x) = p. */
  upperQuantile(p: number, ...parameters: Parameters): number;
}

/** A distribution on whole numbers; tails and arguments as in `ContinuousDistribution`. */
export interface DiscreteDistribution<Parameters extends readonly number[]> {
  /** P(X = k). */
  probability(k: number, ...parameters: Parameters): number;
  /** P(X ≤ k). */
  lower(k: number, ...parameters: Parameters): number;
  /** P(X > k). */
  upper(k: number, ...parameters: Parameters): number;
}
