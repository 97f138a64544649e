import { Failure } from '../failure.ts';
import { requireFinite, requireProbability, requireSameLength } from './argument.ts';
import { fisherF } from './fisher-f.ts';
import { iccConfidence } from './icc-confidence.ts';
import { type MeanSquares, restrictedMeanSquares, twoWayMeanSquares } from './two-way-mean-squares.ts';

/** Shrout and Fleiss' forms: 1 one-way random, 2 two-way random (agreement), 3 two-way mixed (consistency); k: of the mean of the raters. */
export type IccForm = 'ICC1' | 'ICC2' | 'ICC3' | 'ICC1k' | 'ICC2k' | 'ICC3k';

export interface IccEstimate {
  /** Null where it is 0/0: without variance there is no reliability. */
  readonly icc: number | null;
  /** The test that the subjects do not differ; Infinity where the raters agree exactly. */
  readonly statistic: number | null;
  readonly df: readonly [number, number];
  readonly p: number | null;
  readonly confidence: readonly [number, number] | null;
}

export interface IccOptions {
  /**
   * `anova`, the default, takes the mean squares (psych's `ICC(lmer = FALSE)`); `reml` the restricted maximum-likelihood
   * variances, none below 0 (psych's default). They differ only where a mean square is below the residual's.
   */
  readonly estimate?: 'anova' | 'reml';
  /** Of the confidence intervals; 0.95 by default. */
  readonly level?: number;
}

export interface Icc {
  readonly subjects: number;
  readonly raters: number;
  readonly meanSquares: MeanSquares;
  readonly forms: Readonly<Record<IccForm, IccEstimate>>;
}

/**
 * Intraclass correlations: all six forms, with their F tests and confidence intervals, as `psych::ICC`.
 *
 * @param ratings one row for each subject, one column for each rater
 * @throws NO_OBSERVATIONS for fewer than 2 subjects or 2 raters; LENGTH_MISMATCH for rows of different lengths;
 * ARGUMENT_INVALID with the place of a value that is not finite, or for a level outside [0, 1]
 *
 * Citations: P. E. Shrout, J. L. Fleiss, Psychol. Bull. 86 (1979) 420; K. O. McGraw, S. P. Wong, Psychol. Methods 1
 * (1996) 30.
 */
export function icc(ratings: readonly ArrayLike<number>[], options: IccOptions = {}): Icc {
  const { estimate = 'anova', level = 0.95 } = options;
  requireProbability('level', level);
  const n = ratings.length;
  const k = ratings[0]?.length ?? 0;
  if (n < 2 || k < 2) {
    throw new Failure(
      'NO_OBSERVATIONS',
      `ratings: ${n} subjects by ${k} raters, at least 2 by 2 are needed`,
      {
        argument: 'ratings',
        subjects: n,
        raters: k,
      },
    );
  }
  ratings.forEach((row, i) => {
    requireSameLength(`ratings[${i}]`, row, 'ratings[0]', ratings[0]);
    requireFinite(`ratings[${i}]`, row);
  });
  const { scaled, scale } = twoWayMeanSquares(ratings);
  const ms = estimate === 'anova' ? scaled : restrictedMeanSquares(scaled, n, k);
  const { subjects: b, raters: j, residual: e, within: w } = ms;
  const values: Record<IccForm, number> = {
    ICC1: (b - w) / (b + (k - 1) * w),
    ICC2: (b - e) / (b + (k - 1) * e + (k * (j - e)) / n),
    ICC3: (b - e) / (b + (k - 1) * e),
    ICC1k: (b - w) / b,
    ICC2k: (b - e) / (b + (j - e) / n),
    ICC3k: (b - e) / b,
  };
  const forms = Object.fromEntries(
    Object.entries(values).map(([form, value]) => {
      const oneWay = form.startsWith('ICC1');
      const df = [n - 1, oneWay ? n * (k - 1) : (n - 1) * (k - 1)] as const;
      const error = oneWay ? w : e;
      const statistic = b === 0 && error === 0 ? null : b / error;
      const isDefined = Number.isFinite(value);
      return [
        form,
        {
          icc: isDefined ? value : null,
          statistic,
          df,
          p: statistic === null ? null : fisherF.upper(statistic, ...df),
          confidence:
            isDefined && statistic !== null
              ? iccConfidence(
                  form as IccForm,
                  { ms, statistic, df, icc2: values.ICC2, n, k },
                  (1 - level) / 2,
                )
              : null,
        },
      ];
    }),
  ) as Record<IccForm, IccEstimate>;
  const unscaled = (meanSquare: number) => meanSquare / scale / scale;
  const meanSquares = {
    subjects: unscaled(b),
    raters: unscaled(j),
    residual: unscaled(e),
    within: unscaled(w),
  };
  return { subjects: n, raters: k, meanSquares, forms };
}
