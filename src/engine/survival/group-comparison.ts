import { Failure } from '../failure.ts';
import type { Warning } from '../warning.ts';
import { type ChiSquareTest, chiSquareTest } from './chi-square-test.ts';
import { factorise, solveFactorised } from './cholesky.ts';
import type { RiskSets } from './risk-sets.ts';

const MOST_GROUPS = 100;

/** Observed and expected events of groups, and the test of their differences. */
export interface GroupComparisonTest extends ChiSquareTest {
  /** The groups' labels, ascending; the arrays below follow them. */
  readonly groups: readonly number[];
  /** Rows (weights) of each group, and its weighted observed and expected events, over all strata. */
  readonly n: Float64Array;
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  /** Covariance of observed − expected, row-major. */
  readonly covariance: Float64Array;
  readonly warnings: readonly Warning[];
}

/** What a test adds up over the times of each stratum. */
export interface GroupSums {
  /** The group of each position, as an index of `labels`. */
  readonly codes: Int32Array;
  readonly labels: readonly number[];
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  readonly covariance: Float64Array;
}

/** @throws Failure ARGUMENT_INVALID for over 100 groups. */
export function groupSums(group: Int32Array, rows: Int32Array): GroupSums {
  const found: number[] = [];
  const codes = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) codes[i] = group[rows[i]];
  for (let i = 0; i < rows.length; i++) {
    // Of few labels the first that is equal is found sooner than a hash.
    let code = 0;
    while (code < found.length && found[code] !== codes[i]) code++;
    if (code === found.length) found.push(codes[i]);
    if (code === MOST_GROUPS) throw tooManyGroups(new Set(group).size);
    codes[i] = code;
  }
  const labels = [...found].sort((a, b) => a - b);
  const places = found.map((label) => labels.indexOf(label));
  for (let i = 0; i < codes.length; i++) codes[i] = places[codes[i]];
  return {
    codes,
    labels,
    observed: new Float64Array(labels.length),
    expected: new Float64Array(labels.length),
    covariance: new Float64Array(labels.length ** 2),
  };
}

function tooManyGroups(groups: number): Failure {
  const message = `group has ${groups} different labels; at most ${MOST_GROUPS} groups are compared.`;
  return new Failure('ARGUMENT_INVALID', message, { argument: 'group', groups });
}

/** (O − E)ᵀ V⁻ (O − E) over the groups from which events were expected; the others are named by warnings. */
export function compareGroups({ weights }: RiskSets, sums: GroupSums): GroupComparisonTest {
  const { codes, labels, observed, expected, covariance } = sums;
  const n = new Float64Array(labels.length);
  for (let i = 0; i < codes.length; i++) n[codes[i]] += weights[i];
  const compared = labels.map((_, g) => g).filter((g) => expected[g] > 0);
  const warnings: Warning[] = labels
    .filter((_, g) => !(expected[g] > 0))
    .map((label) => ({
      code: 'GROUP_EMPTY',
      message: `Group ${label} is never at risk when an event happens and was not compared.`,
      subject: String(label),
    }));
  const statistic = quadraticForm(compared, observed, expected, covariance, labels.length);
  const test = chiSquareTest(statistic, Math.max(0, compared.length - 1));
  return { ...test, groups: labels, n, observed, expected, covariance, warnings };
}

function quadraticForm(
  compared: readonly number[],
  observed: Float64Array,
  expected: Float64Array,
  covariance: Float64Array,
  count: number,
): number {
  const rest = compared.slice(1);
  const size = rest.length;
  const matrix = new Float64Array(size * size);
  const difference = Float64Array.from(rest, (g) => observed[g] - expected[g]);
  rest.forEach((g, a) => {
    rest.forEach((h, b) => {
      matrix[a * size + b] = covariance[g * count + h];
    });
  });
  const diagonal = Float64Array.from(rest, (g) => covariance[g * count + g]);
  factorise(matrix, size, diagonal, 2 ** -39);
  const solved = difference.slice();
  solveFactorised(matrix, size, solved);
  return difference.reduce((sum, d, a) => sum + d * solved[a], 0);
}
