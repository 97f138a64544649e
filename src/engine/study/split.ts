import { Failure } from '../failure.ts';
import { random } from '../statistics/index.ts';

export interface SplitSpecification {
  /** The part that goes to training, above 0 and below 1. */
  readonly trainingFraction: number;
  readonly seed: number;
  /** Divide events and censored patients each by the fraction. */
  readonly stratifyByEvent: boolean;
}

export interface Split {
  readonly training: Int32Array;
  readonly validation: Int32Array;
}

/**
 * Divides rows at random into training and validation; the same seed divides the same rows alike, on any machine.
 * The size of training is the fraction of the rows (of each stratum), rounded half up. Rows stay in order.
 *
 * @throws Failure ARGUMENT_INVALID unless 0 < trainingFraction < 1 and the seed is a whole number.
 */
export function splitRows(rows: Int32Array, event: Uint8Array, specification: SplitSpecification): Split {
  const { trainingFraction, seed, stratifyByEvent } = specification;
  if (!(trainingFraction > 0 && trainingFraction < 1)) {
    throw new Failure(
      'ARGUMENT_INVALID',
      `trainingFraction is ${trainingFraction}, not above 0 and below 1`,
      {
        argument: 'trainingFraction',
        value: String(trainingFraction),
      },
    );
  }
  const strata = stratifyByEvent
    ? [rows.filter((row) => event[row] === 1), rows.filter((row) => event[row] === 0)]
    : [rows];
  const training = new Set<number>();
  strata.forEach((stratum, index) => {
    const chosen = random(seed, 'split', index).sample(
      stratum.length,
      Math.round(stratum.length * trainingFraction),
    );
    for (const place of chosen) training.add(stratum[place]);
  });
  return {
    training: rows.filter((row) => training.has(row)),
    validation: rows.filter((row) => !training.has(row)),
  };
}
