import { Failure } from '../failure.ts';
import { type Adjustment, adjustedP } from '../statistics/adjusted-p.ts';
import type { ScreenedFeature } from './screening.ts';

/** Which of a screened feature's three tests. */
export type ScreeningTest = 'wald' | 'likelihoodRatio' | 'score';

const TESTS: readonly string[] = ['wald', 'likelihoodRatio', 'score'] satisfies ScreeningTest[];

/**
 * The p-values of a screening adjusted for their number, in the order of the features. A constant feature, which has no
 * p, gets null and counts for nothing; one that separates counts by the p that its test gave, near 1 by Wald's.
 *
 * Reference: R, `p.adjust`, whose `fdr` is `BH`.
 *
 * @param features as `screenFeatures` gives them.
 * @param test default 'wald'. @param adjustment default 'BH'.
 * @throws Failure ARGUMENT_INVALID for an unknown test or adjustment.
 */
export function adjustScreening(
  features: readonly Pick<ScreenedFeature, ScreeningTest>[],
  test: ScreeningTest = 'wald',
  adjustment: Adjustment = 'BH',
): (number | null)[] {
  if (!TESTS.includes(test)) {
    const message = `test is ${test}, none of ${TESTS.join(', ')}.`;
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'test', value: String(test) });
  }
  const adjusted = adjustedP(
    features.flatMap((feature) => feature[test] ?? []),
    adjustment,
  );
  let next = 0;
  return features.map((feature) => (feature[test] === null ? null : adjusted[next++]));
}
