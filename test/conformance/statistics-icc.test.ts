import { afterAll, expect, it } from 'vitest';
import { type IccForm, icc } from '../../src/engine/statistics/index.ts';
import { describeConformance, referenceJson } from '../support/reference.ts';
import { type ReferenceNumber, Tally } from '../support/tally.ts';

interface Estimates {
  readonly type: readonly IccForm[];
  readonly icc: readonly ReferenceNumber[];
  readonly F: readonly ReferenceNumber[];
  readonly df1: readonly number[];
  readonly df2: readonly number[];
  readonly p: readonly ReferenceNumber[];
  readonly lower95: readonly ReferenceNumber[];
  readonly upper95: readonly ReferenceNumber[];
  readonly mean_squares: readonly number[] | null;
  readonly error?: string;
}

interface Case {
  readonly id: string;
  readonly inputs: { readonly values_by_subject: readonly (readonly number[])[] };
  readonly expected: { readonly anova: Estimates; readonly lmer_default: Estimates };
}

const tally = new Tally();

/** A ratio whose divisor is 0 but for R's rounding: above 1e12, or with mean squares of 1e-30. */
const isNoise = (value: ReferenceNumber) => typeof value === 'number' && Math.abs(value) > 1e12;

describeConformance('Intraclass correlations equal psych', () => {
  afterAll(() => tally.print('ICC against R psych 2.2.9'));
  const { cases } = referenceJson<{ readonly cases: readonly Case[] }>('survival/icc/icc.json');

  it.each(cases.map((c) => [c.id, c] as const))('%s, mean squares', (id, { inputs, expected: { anova } }) => {
    const ours = icc(inputs.values_by_subject);
    const squares = [ours.meanSquares.subjects, ours.meanSquares.raters, ours.meanSquares.residual];
    // Where the variance is 0, R has the square of its rounding errors.
    const largest = Math.max(...(anova.mean_squares ?? []));
    tally.checkAll('ICC, mean squares', id, 'mean square', squares, anova.mean_squares ?? [], {
      relative: 1e-9,
      absolute: Math.max(1e-24 * largest, 1e-28),
    });
    anova.type.forEach((form, i) => {
      const { icc: value, statistic, p, df, confidence } = ours.forms[form];
      if (id === 'constant_both') {
        // 0/0: R shows the ratio of rounding errors; the value is undefined.
        expect([value, statistic, p, confidence]).toEqual([null, null, null, null]);
        return;
      }
      expect(df).toEqual([anova.df1[i], anova.df2[i]]);
      // Values next to 0 are differences of mean squares that R has to 1e-15.
      const tolerance = { relative: 1e-9, absolute: 1e-13 };
      if (isNoise(anova.icc[i])) {
        expect(value).toBeNull();
        return;
      }
      tally.check('ICC, value', id, form, value, anova.icc[i], tolerance);
      if (isNoise(anova.F[i])) {
        expect([statistic, p]).toEqual([Infinity, 0]);
      } else {
        tally.check('ICC, F', id, form, statistic, anova.F[i], tolerance);
        tally.check('ICC, p', id, form, p, anova.p[i], tolerance);
      }
      const wanted = [anova.lower95[i], anova.upper95[i]];
      if (!wanted.some(isNoise))
        tally.checkAll('ICC, interval', id, form, confidence ?? [], wanted, tolerance);
    });
    tally.settle();
  });

  it.each(cases.filter((c) => !c.expected.lmer_default.error).map((c) => [c.id, c] as const))(
    '%s, restricted maximum likelihood',
    (id, { inputs, expected: { lmer_default: lmer } }) => {
      const ours = icc(inputs.values_by_subject, { estimate: 'reml' });
      // lmer's optimiser ends near the maximum.
      const tolerance = { relative: 1e-4, absolute: 1e-4 };
      lmer.type.forEach((form, i) => {
        const { icc: value, statistic, confidence } = ours.forms[form];
        tally.check('ICC by REML, value', id, form, value, lmer.icc[i], tolerance);
        if (isNoise(lmer.F[i])) expect(statistic).toBe(Infinity);
        else tally.check('ICC by REML, F', id, form, statistic, lmer.F[i], tolerance);
        tally.checkAll(
          'ICC by REML, interval',
          id,
          form,
          confidence ?? [null, null],
          [lmer.lower95[i], lmer.upper95[i]],
          tolerance,
        );
      });
      tally.settle();
    },
  );
});
