import { Failure } from '../failure.ts';
import { type ConfidenceScale, levelQuantile, survivalInterval } from './confidence.ts';
import { weightAtRisk } from './hazard.ts';
import { incidenceErrors } from './incidence-errors.ts';
import { type RiskSets, riskSets } from './risk-sets.ts';
import { checkLength, type SurvivalData } from './survival-data.ts';

const MOST_CAUSES = 100;

export interface CumulativeIncidenceOptions {
  /** Default 'log', as R's survfit. */
  readonly confidence?: ConfidenceScale;
  /** Default 0.95. */
  readonly level?: number;
}

/** The risk of events of several causes, of which only the first of a patient counts. */
export interface CumulativeIncidence {
  /** Every distinct time, of events and of censorings, ascending. */
  readonly time: Float64Array;
  /** Weight at risk just before, and censored at, each time. */
  readonly atRisk: Float64Array;
  readonly censored: Float64Array;
  /** Probability of no event up to and including each time: 1 less the incidences. */
  readonly eventFree: Float64Array;
  /** One entry a cause that happens in the data, ascending. */
  readonly causes: readonly CauseIncidence[];
}

export interface CauseIncidence {
  readonly cause: number;
  readonly events: Float64Array;
  /** Probability of an event of this cause up to and including each time: a step function, 0 from time 0. */
  readonly incidence: Float64Array;
  /** By the infinitesimal jackknife. */
  readonly standardError: Float64Array;
  /** Pointwise confidence limits; the point 0 before the first event of the cause. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** The cumulative incidence in one group; `group` is its label. */
export interface GroupIncidence extends CumulativeIncidence {
  readonly group: number;
}

/**
 * The Aalen–Johansen estimate of the cumulative incidence of competing events with pointwise confidence limits.
 * Events come before censorings at equal times; rows with an entry time are at risk in (entry, time]. Strata are ignored.
 *
 * References: Aalen & Johansen 1978; Therneau & Grambsch 2000, §8; R package survival, `survfit` of a factor's status.
 *
 * @param cause an integer label a row: what the event was; not looked at where the row is censored.
 * @throws Failure of `checkSurvivalData`; LENGTH_MISMATCH; ARGUMENT_INVALID (a level outside (0, 1), over 100 causes).
 */
export function cumulativeIncidence(
  data: SurvivalData,
  cause: Int32Array,
  options: CumulativeIncidenceOptions = {},
): CumulativeIncidence {
  const { strata: _, ...unstratified } = data;
  checkLength('cause', cause.length, data.time.length);
  const [only] = curves(riskSets(unstratified), cause, options);
  return only;
}

/**
 * {@link cumulativeIncidence} in each group, in ascending order of their labels; the causes are those of all groups.
 *
 * @param group an integer label a row.
 */
export function cumulativeIncidenceByGroup(
  data: SurvivalData,
  cause: Int32Array,
  group: Int32Array,
  options: CumulativeIncidenceOptions = {},
): GroupIncidence[] {
  checkLength('group', group.length, data.time.length);
  checkLength('cause', cause.length, data.time.length);
  const sets = riskSets({ ...data, strata: group });
  return curves(sets, cause, options).map((curve, s) => ({ group: sets.labels[s], ...curve }));
}

/** The cause of each position, −1 where it is censored, as an index of the causes that happen. */
export function encodeCauses(sets: RiskSets, cause: Int32Array): { codes: Int32Array; causes: number[] } {
  const seen = new Set<number>();
  const { rows, starts, deaths } = sets;
  const each = (visit: (position: number) => void) => {
    for (let k = 0; k < deaths.length; k++) for (let i = 0; i < deaths[k]; i++) visit(starts[k] + i);
  };
  each((i) => seen.add(cause[rows[i]]));
  if (seen.size > MOST_CAUSES) {
    const message = `cause has ${seen.size} different labels; at most ${MOST_CAUSES} causes compete.`;
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'cause', causes: seen.size });
  }
  const causes = [...seen].sort((a, b) => a - b);
  const codes = new Int32Array(rows.length).fill(-1);
  each((i) => {
    codes[i] = causes.indexOf(cause[rows[i]]);
  });
  return { codes, causes };
}

function curves(
  sets: RiskSets,
  cause: Int32Array,
  options: CumulativeIncidenceOptions,
): CumulativeIncidence[] {
  const { confidence = 'log', level = 0.95 } = options;
  const z = levelQuantile(level);
  const { codes, causes } = encodeCauses(sets, cause);
  const allAtRisk = weightAtRisk(sets);
  return Array.from(sets.labels, (_, s) => {
    const from = sets.strata[s];
    const to = sets.strata[s + 1];
    const time = sets.times.slice(from, to);
    const atRisk = allAtRisk.slice(from, to);
    const censored = new Float64Array(time.length);
    const events = new Float64Array(time.length);
    const byCause = causes.map(() => new Float64Array(time.length));
    for (let k = from; k < to; k++) {
      for (let i = sets.starts[k]; i < sets.starts[k + 1]; i++) {
        if (codes[i] < 0) censored[k - from] += sets.weights[i];
        else {
          events[k - from] += sets.weights[i];
          byCause[codes[i]][k - from] += sets.weights[i];
        }
      }
    }
    const eventFreeBefore = new Float64Array(time.length);
    const eventFree = new Float64Array(time.length);
    for (let i = 0, survival = 1; i < time.length; i++) {
      eventFreeBefore[i] = survival;
      if (events[i] > 0) survival *= Math.max(0, atRisk[i] - events[i]) / atRisk[i];
      eventFree[i] = survival;
    }
    const of = (code: number): CauseIncidence => {
      const causeEvents = byCause[code];
      const incidence = new Float64Array(time.length);
      for (let i = 0, sum = 0; i < time.length; i++) {
        if (causeEvents[i] > 0) sum += eventFreeBefore[i] * (causeEvents[i] / atRisk[i]);
        incidence[i] = Math.min(1, sum);
      }
      const steps = { atRisk, events, causeEvents, eventFreeBefore, incidence };
      const standardError = incidenceErrors(sets, codes, code, from, to, steps);
      const lower = new Float64Array(time.length);
      const upper = new Float64Array(time.length);
      for (let i = 0; i < time.length; i++) {
        if (incidence[i] === 0) continue;
        const interval = survivalInterval(confidence, incidence[i], standardError[i] / incidence[i], z);
        lower[i] = interval.lower;
        upper[i] = interval.upper;
      }
      return { cause: causes[code], events: causeEvents, incidence, standardError, lower, upper };
    };
    return { time, atRisk, censored, eventFree, causes: causes.map((_cause, code) => of(code)) };
  });
}
