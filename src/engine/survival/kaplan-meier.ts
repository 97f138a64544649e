import { type ConfidenceScale, levelQuantile, survivalInterval } from './confidence.ts';
import { weightAtRisk } from './hazard.ts';
import { jackknifeErrors } from './jackknife.ts';
import { type RiskSets, riskSets } from './risk-sets.ts';
import { checkLength, type SurvivalData } from './survival-data.ts';
import { type Quantile, survivalQuantile } from './survival-quantile.ts';

export interface KaplanMeierOptions {
  /** Default 'log', as R's survfit. */
  readonly confidence?: ConfidenceScale;
  /** Default 0.95. */
  readonly level?: number;
}

/** A Kaplan–Meier curve: a step function that is 1 from time 0 and takes `survival[i]` at `time[i]`. */
export interface KaplanMeierCurve {
  /** Rows, and the sum of their events; weighted where there are weights, and so are the numbers below. */
  readonly n: number;
  readonly totalEvents: number;
  /** Every distinct time, of events and of censorings, ascending. */
  readonly time: Float64Array;
  /** At risk just before, events at, censored at each time. */
  readonly atRisk: Float64Array;
  readonly events: Float64Array;
  readonly censored: Float64Array;
  readonly survival: Float64Array;
  /** Of survival; 0 where survival is 0. */
  readonly standardError: Float64Array;
  /** Pointwise confidence limits; null where survival is 0, for there the interval is undefined. */
  readonly lower: readonly (number | null)[];
  readonly upper: readonly (number | null)[];
  readonly confidence: ConfidenceScale;
  readonly level: number;
  /** Greenwood's formula, or the infinitesimal jackknife where case weights are not whole numbers. */
  readonly variance: 'greenwood' | 'robust';
  readonly median: Quantile;
}

/** The curve of one group; `group` is its label. */
export interface GroupCurve extends KaplanMeierCurve {
  readonly group: number;
}

/**
 * The Kaplan–Meier estimate of the survival function with pointwise confidence limits. Deaths come before censorings
 * at equal times; rows with an entry time are at risk in (entry, time]. Strata are ignored.
 *
 * References: Kaplan & Meier 1958; Greenwood 1926; R package survival, `survfit`.
 *
 * @throws Failure of {@link checkSurvivalData}; ARGUMENT_INVALID unless 0 < level < 1.
 */
export function kaplanMeier(data: SurvivalData, options: KaplanMeierOptions = {}): KaplanMeierCurve {
  const { strata: _, ...unstratified } = data;
  return curve(riskSets(unstratified), 0, options);
}

/**
 * {@link kaplanMeier} for each group, in ascending order of their labels.
 *
 * @param group an integer label a row.
 */
export function kaplanMeierByGroup(
  data: SurvivalData,
  group: Int32Array,
  options: KaplanMeierOptions = {},
): GroupCurve[] {
  checkLength('group', group.length, data.time.length);
  const sets = riskSets({ ...data, strata: group });
  return Array.from(sets.labels, (label, s) => ({ group: label, ...curve(sets, s, options) }));
}

function curve(sets: RiskSets, stratum: number, options: KaplanMeierOptions): KaplanMeierCurve {
  const { confidence = 'log', level = 0.95 } = options;
  const z = levelQuantile(level);
  const from = sets.strata[stratum];
  const to = sets.strata[stratum + 1];
  const time = sets.times.slice(from, to);
  const atRisk = weightAtRisk(sets).slice(from, to);
  const events = new Float64Array(time.length);
  const censored = new Float64Array(time.length);
  let n = 0;
  let totalEvents = 0;
  let whole = true;
  for (let k = from; k < to; k++) {
    const start = sets.starts[k];
    const end = sets.starts[k + 1];
    const lastDeath = start + sets.deaths[k];
    if (sets.weighted) {
      for (let i = start; i < end; i++) {
        const w = sets.weights[i];
        whole &&= w === Math.floor(w);
        if (i < lastDeath) events[k - from] += w;
        else censored[k - from] += w;
      }
    } else {
      events[k - from] = lastDeath - start;
      censored[k - from] = end - lastDeath;
    }
    n += events[k - from] + censored[k - from];
    totalEvents += events[k - from];
  }
  const survival = new Float64Array(time.length);
  const relativeError = new Float64Array(time.length);
  let s = 1;
  let greenwood = 0;
  for (let i = 0; i < time.length; i++) {
    if (events[i] > 0) {
      s = events[i] >= atRisk[i] ? 0 : s * ((atRisk[i] - events[i]) / atRisk[i]);
      greenwood += events[i] / (atRisk[i] * (atRisk[i] - events[i]));
    }
    survival[i] = s;
    relativeError[i] = s > 0 ? Math.sqrt(greenwood) : 0;
  }
  if (!whole) robustErrors(sets, from, atRisk, events, relativeError);
  const lower: (number | null)[] = new Array(time.length);
  const upper: (number | null)[] = new Array(time.length);
  const standardError = new Float64Array(time.length);
  for (let i = 0; i < time.length; i++) {
    const interval =
      i > 0 && survival[i] === survival[i - 1] && relativeError[i] === relativeError[i - 1]
        ? { lower: lower[i - 1], upper: upper[i - 1] }
        : survival[i] > 0
          ? survivalInterval(confidence, survival[i], relativeError[i], z)
          : { lower: null, upper: null };
    lower[i] = interval.lower;
    upper[i] = interval.upper;
    standardError[i] = survival[i] * relativeError[i];
  }
  const variance = whole ? 'greenwood' : 'robust';
  const steps = { time, survival, lower, upper };
  const median = survivalQuantile(steps, 0.5);
  return {
    n,
    totalEvents,
    ...steps,
    atRisk,
    events,
    censored,
    standardError,
    confidence,
    level,
    variance,
    median,
  };
}

/** Row i moves log S(t) by w_i times −(dN_i(u) − Y_i(u) dΛ(u)) / (n(u) − d(u)) summed over u ≤ t. */
function robustErrors(
  sets: RiskSets,
  from: number,
  atRisk: Float64Array,
  events: Float64Array,
  into: Float64Array,
): void {
  const drift = new Float64Array(atRisk.length);
  const share = new Float64Array(atRisk.length);
  let count = 0;
  for (; count < atRisk.length && atRisk[count] > events[count]; count++) {
    share[count] = 1 / (atRisk[count] - events[count]);
    drift[count] = (events[count] / atRisk[count]) * share[count];
  }
  into.set(jackknifeErrors(sets, from, from + atRisk.length, drift, share).subarray(0, count));
}
