import { Failure } from '../failure.ts';
import { normal } from '../statistics/normal.ts';

/**
 * The scale on which a survival probability's confidence interval is symmetric: `log` S (R's default), `log-log`
 * (log(−log S)), `plain` S, `logit`, or `arcsin` √S.
 */
export type ConfidenceScale = 'log' | 'log-log' | 'plain' | 'logit' | 'arcsin';

/**
 * The confidence interval of a survival probability S in (0, 1], within [0, 1].
 *
 * Reference: Borgan & Liestøl 1990; R package survival, `survfit_confint`.
 *
 * @param error standard error of log S.
 * @param z normal quantile of the level.
 */
export function survivalInterval(
  scale: ConfidenceScale,
  survival: number,
  error: number,
  z: number,
): { lower: number; upper: number } {
  const s = survival;
  switch (scale) {
    case 'plain':
      return { lower: Math.max(0, s - z * s * error), upper: Math.min(1, s + z * s * error) };
    case 'log':
      return { lower: s * Math.exp(-z * error), upper: Math.min(1, s * Math.exp(z * error)) };
    case 'log-log': {
      if (s === 1) return { lower: 1, upper: 1 };
      const half = (z * error) / Math.log(s);
      const center = Math.log(-Math.log(s));
      return { lower: Math.exp(-Math.exp(center - half)), upper: Math.exp(-Math.exp(center + half)) };
    }
    case 'logit': {
      if (s === 1) return { lower: 1, upper: 1 };
      const center = Math.log(s / (1 - s));
      const half = (z * error) / (1 - s);
      return { lower: 1 - 1 / (1 + Math.exp(center - half)), upper: 1 - 1 / (1 + Math.exp(center + half)) };
    }
    case 'arcsin': {
      const center = Math.asin(Math.sqrt(s));
      const half = s === 1 ? 0 : 0.5 * z * error * Math.sqrt(s / (1 - s));
      return {
        lower: Math.sin(Math.max(0, center - half)) ** 2,
        upper: Math.sin(Math.min(Math.PI / 2, center + half)) ** 2,
      };
    }
  }
}

/** The normal quantile of a two-sided confidence level. @throws Failure ARGUMENT_INVALID unless 0 < level < 1. */
export function levelQuantile(level: number): number {
  if (level > 0 && level < 1) return normal.upperQuantile((1 - level) / 2);
  throw new Failure('ARGUMENT_INVALID', `level is ${level}, not between 0 and 1.`, {
    argument: 'level',
    value: String(level),
  });
}
