import { afterAll, it } from 'vitest';
import {
  beta,
  chiSquared,
  fisherF,
  gamma,
  hypergeometric,
  logGamma,
  normal,
  student,
} from '../../src/engine/statistics/index.ts';
import { rankSumDistribution } from '../../src/engine/statistics/rank-sum-distribution.ts';

import { describeConformance, referenceJson } from '../support/reference.ts';
import { Tally } from '../support/tally.ts';

interface Case {
  readonly id: string;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly expected: readonly number[];
}

/** R's function of each case, its arguments in R's order. */
const functions: Record<string, (...values: number[]) => number> = {
  pnorm_lower: (x) => normal.lower(x),
  pnorm_upper: (x) => normal.upper(x),
  pnorm_log: (x) => normal.logLower(x),
  qnorm: (p) => normal.quantile(p),
  pchisq_upper: (x, df) => chiSquared.upper(x, df),
  pchisq_lower: (x, df) => chiSquared.lower(x, df),
  qchisq: (p, df) => chiSquared.quantile(p, df),
  pt_lower: (t, df) => student.lower(t, df),
  qt: (p, df) => student.quantile(p, df),
  pf_upper: (x, df1, df2) => fisherF.upper(x, df1, df2),
  qf: (p, df1, df2) => fisherF.quantile(p, df1, df2),
  pbeta: (x, a, b) => beta.lower(x, a, b),
  pgamma: (x, shape) => gamma.lower(x, shape),
  lgamma: (x) => logGamma(x),
  phyper: (q, m, n, k) => hypergeometric.lower(q, m, n, k),
  pwilcox: (q, m, n) => rankSumDistribution(m, n).lower(q),
};

const tally = new Tally();

describeConformance('Distribution functions equal R', () => {
  afterAll(() => tally.print('Distribution functions against R 4.2.2'));
  const { cases } = referenceJson<{ readonly cases: readonly Case[] }>('survival/tests/distributions.json');

  it.each(cases.map((c) => [c.id, c] as const))('%s', (id, { inputs, expected }) => {
    const columns = Object.values(inputs);
    const actual = expected.map((_, i) => functions[id](...columns.map((column) => column[i])));
    // R's quantiles of F are good to 3e-11 (ours are held to 60-digit figures in beta.test.ts). Where a probability is
    // below the smallest normal number R gives 0.
    const relative = id.startsWith('q') ? 1e-10 : 1e-12;
    tally.checkAll(id, id, 'value', actual, expected, { relative, absolute: 2.3e-308 });
    tally.settle();
  });
});
