import { Failure } from '../failure.ts';
import { levelQuantile } from './confidence.ts';
import { Hazard, type Ties } from './hazard.ts';
import { jackknifeErrors } from './jackknife.ts';
import { type RiskSets, riskSets } from './risk-sets.ts';
import { checkLength, type SurvivalData } from './survival-data.ts';
import { tiedMeans } from './tied-means.ts';

/**
 * The variance of the d deaths among n at one time: `poisson` d/n² (Aalen 1978), `binomial` d (n − d)/(n² (n − 1)), which
 * allows for ties (Klein 1991), or `robust`, the infinitesimal jackknife.
 */
export type HazardVariance = 'poisson' | 'binomial' | 'robust';

export interface NelsonAalenOptions {
  /** `breslow` (default) is Nelson's d/n; `efron` Fleming and Harrington's 1/n + 1/(n − 1) + …, one term a death. */
  readonly ties?: Ties;
  /** Default 'poisson', but 'robust' where case weights are not whole numbers; 'binomial' needs Breslow's ties. */
  readonly variance?: HazardVariance;
  /** The scale on which the interval is symmetric: that of Λ (default, as R's) or of log Λ. */
  readonly confidence?: 'plain' | 'log';
  /** Default 0.95. */
  readonly level?: number;
}

/** A cumulative hazard: a step function that is 0 from time 0 and takes `cumulativeHazard[i]` at `time[i]`. */
export interface NelsonAalenCurve {
  readonly time: Float64Array;
  /** Weight at risk just before, and of the events at, each time. */
  readonly atRisk: Float64Array;
  readonly events: Float64Array;
  readonly cumulativeHazard: Float64Array;
  readonly standardError: Float64Array;
  /** Pointwise confidence limits, not below 0; the point 0 before the first event. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly variance: HazardVariance;
}

/** The cumulative hazard of one group; `group` is its label. */
export interface GroupHazard extends NelsonAalenCurve {
  readonly group: number;
}

/**
 * The Nelson–Aalen estimate of the cumulative hazard with pointwise confidence limits. Rows with an entry time are at
 * risk in (entry, time]; whole case weights count as repeats under Breslow's ties. Strata are ignored.
 *
 * References: Nelson 1972; Aalen 1978; Fleming & Harrington 1984; Klein 1991; R package survival,
 * `survfit(ctype = 1, stype = 2)`.
 *
 * @throws Failure of `checkSurvivalData`; ARGUMENT_INVALID (a level outside (0, 1), binomial variance with Efron's ties).
 */
export function nelsonAalen(data: SurvivalData, options: NelsonAalenOptions = {}): NelsonAalenCurve {
  const { strata: _, ...unstratified } = data;
  const [only] = curves(riskSets(unstratified), options);
  return only;
}

/**
 * {@link nelsonAalen} for each group, in ascending order of their labels.
 *
 * @param group an integer label a row.
 */
export function nelsonAalenByGroup(
  data: SurvivalData,
  group: Int32Array,
  options: NelsonAalenOptions = {},
): GroupHazard[] {
  checkLength('group', group.length, data.time.length);
  const sets = riskSets({ ...data, strata: group });
  return curves(sets, options).map((curve, s) => ({ group: sets.labels[s], ...curve }));
}

function curves(sets: RiskSets, options: NelsonAalenOptions): NelsonAalenCurve[] {
  const { ties = 'breslow', confidence = 'plain', level = 0.95 } = options;
  const z = levelQuantile(level);
  const whole = sets.weights.every((w) => w === Math.floor(w));
  const variance = options.variance ?? (whole ? 'poisson' : 'robust');
  if (variance === 'binomial' && ties === 'efron') {
    const message = "The variance 'binomial' allows for ties by itself: it needs Breslow's.";
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'variance', value: variance });
  }
  const hazard = new Hazard(sets, ties);
  hazard.scan(sets.weights);
  const means = tiedMeans(hazard, sets.deaths);
  return Array.from(sets.labels, (_, s) => {
    const from = sets.strata[s];
    const to = sets.strata[s + 1];
    const cut = (values: Float64Array) => values.slice(from, to);
    const atRisk = cut(hazard.atRisk);
    const events = cut(hazard.dying);
    const cumulativeHazard = cut(hazard.cumulative);
    const perWeight = (values: Float64Array) =>
      cut(values).map((v, k) => (v === 0 ? 0 : v / atRisk[k] / atRisk[k]));
    const drift = perWeight(means.whole);
    const part = perWeight(means.part);
    const standardError =
      variance === 'robust'
        ? // The derivative of a jump by the weight of one of its deaths, whose weight Efron's later terms lack in part.
          jackknifeErrors(
            sets,
            from,
            to,
            drift,
            drift.map((_d, i) => (events[i] > 0 ? means.meanWhole[from + i] / atRisk[i] : 0) + part[i]),
          )
        : cumulate(variance === 'poisson' ? drift : binomial(atRisk, events)).map(Math.sqrt);
    const lower = new Float64Array(drift.length);
    const upper = new Float64Array(drift.length);
    for (let i = 0; i < drift.length; i++) {
      const h = cumulativeHazard[i];
      const half = z * standardError[i];
      const factor = h > 0 ? Math.exp(half / h) : 1;
      lower[i] = confidence === 'plain' ? Math.max(0, h - half) : h / factor;
      upper[i] = confidence === 'plain' ? h + half : h * factor;
    }
    return { time: cut(sets.times), atRisk, events, cumulativeHazard, standardError, lower, upper, variance };
  });
}

function binomial(atRisk: Float64Array, events: Float64Array): Float64Array {
  return atRisk.map((n, i) => {
    const d = events[i];
    return n > 1 ? ((d / n) * (Math.max(0, n - d) / n)) / (n - 1) : 0;
  });
}

function cumulate(values: Float64Array): Float64Array {
  for (let i = 1; i < values.length; i++) values[i] += values[i - 1];
  return values;
}
