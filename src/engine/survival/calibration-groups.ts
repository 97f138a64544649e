import { Failure } from '../failure.ts';
import { requireProbability } from '../statistics/argument.ts';
import { quantiles } from '../statistics/quantiles.ts';
import type { Warning } from '../warning.ts';
import { type KaplanMeierOptions, kaplanMeier } from './kaplan-meier.ts';
import { refuseParts } from './plain-data.ts';
import { survivalAt } from './survival-at.ts';
import { checkHorizon } from './survival-axis.ts';
import { checkLength, checkSurvivalData, type SurvivalData } from './survival-data.ts';

export interface CalibrationGroupOptions extends KaplanMeierOptions {
  /** How many groups of about equal size; default 3. */
  readonly groups?: number;
  /** Ascending limits of the groups in place of quantiles; the first ≤ and the last ≥ every predicted survival. */
  readonly cuts?: ArrayLike<number>;
}

/** The rows whose predicted survival lies in [from, to), or in [from, to] for the last group. */
export interface CalibrationGroup {
  readonly from: number;
  readonly to: number;
  readonly n: number;
  /** Over all of the follow-up. */
  readonly events: number;
  /** Mean predicted survival; null of an empty group. */
  readonly predicted: number | null;
  /** Kaplan–Meier survival at the horizon; null with fewer than two rows, or where the group is not followed so far. */
  readonly observed: number | null;
  /** Of the logarithm of `observed`; null with it, or where it is 0. */
  readonly standardError: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

export interface CalibrationGroups {
  readonly horizon: number;
  readonly cuts: Float64Array;
  readonly groups: readonly CalibrationGroup[];
  readonly warnings: readonly Warning[];
}

/**
 * Calibration in groups: rows are grouped by their predicted survival at the horizon, and each group's mean is set
 * against its Kaplan–Meier estimate. The limits are quantiles (type 7) of the predictions together with 0 and 1.
 *
 * Reference: Harrell 2015, §20.3; R package rms, `calibrate.cph(cmethod = "KM")`, `groupkm`.
 *
 * @param predicted survival at the horizon, one probability a row.
 * @throws Failure of `checkSurvivalData`; LENGTH_MISMATCH; ARGUMENT_INVALID (a prediction that is no probability; the
 * horizon, the number of groups or the cuts; case weights).
 */
export function calibrateByGroups(
  data: SurvivalData,
  predicted: Float64Array,
  horizon: number,
  options: CalibrationGroupOptions = {},
): CalibrationGroups {
  checkSurvivalData(data);
  refuseParts(data, ['weights'], 'Calibration');
  checkHorizon('horizon', horizon);
  checkLength('predicted', predicted.length, data.time.length);
  for (let i = 0; i < predicted.length; i++) requireProbability(`predicted[${i}]`, predicted[i]);
  const cuts = options.cuts
    ? givenCuts(options.cuts, predicted)
    : quantileCuts(predicted, options.groups ?? 3);
  const members: number[][] = Array.from({ length: cuts.length - 1 }, () => []);
  for (let i = 0; i < predicted.length; i++) members[groupOf(predicted[i], cuts)].push(i);
  const groups = members.map((rows, g) =>
    describeGroup(data, predicted, horizon, rows, [cuts[g], cuts[g + 1]], options),
  );
  const warnings: Warning[] = [];
  groups.forEach(({ n, observed }, g) => {
    if (observed !== null) return;
    const message = `Group ${g} of ${groups.length}, of ${n} rows, has no observed survival at ${horizon}.`;
    warnings.push({ code: 'GROUP_EMPTY', message, subject: String(g) });
  });
  return { horizon, cuts, groups, warnings };
}

function quantileCuts(predicted: Float64Array, groups: number): Float64Array {
  if (!(Number.isInteger(groups) && groups >= 1 && groups <= predicted.length)) {
    const message = `groups is ${groups}, not a whole number from 1 to the ${predicted.length} rows.`;
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'groups', value: String(groups) });
  }
  const values = new Float64Array(predicted.length + 2);
  values.set(predicted, 2);
  values[1] = 1;
  const shares = Array.from({ length: groups + 1 }, (_, g) => g / groups);
  return Float64Array.from(new Set(quantiles(values, shares)));
}

function givenCuts(given: ArrayLike<number>, predicted: Float64Array): Float64Array {
  const cuts = Float64Array.from(given);
  for (let c = 0; c < cuts.length; c++) {
    if (Number.isFinite(cuts[c]) && (c === 0 || cuts[c] > cuts[c - 1])) continue;
    const message = `cuts[${c}] is ${cuts[c]}; cuts are finite and ascend.`;
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'cuts', index: c, value: String(cuts[c]) });
  }
  const outside = predicted.findIndex((p) => !(p >= cuts[0] && p <= cuts[cuts.length - 1]));
  if (cuts.length >= 2 && outside < 0) return cuts;
  const message =
    cuts.length < 2
      ? `cuts has ${cuts.length} values; a group has two limits.`
      : `predicted[${outside}] is ${predicted[outside]}, outside of the cuts.`;
  throw new Failure('ARGUMENT_INVALID', message, { argument: 'cuts', length: cuts.length });
}

function groupOf(value: number, cuts: Float64Array): number {
  let g = 0;
  while (g + 2 < cuts.length && value >= cuts[g + 1]) g++;
  return g;
}

function describeGroup(
  data: SurvivalData,
  predicted: Float64Array,
  horizon: number,
  rows: readonly number[],
  [from, to]: readonly [number, number],
  options: KaplanMeierOptions,
): CalibrationGroup {
  let sum = 0;
  let events = 0;
  for (const row of rows) {
    sum += predicted[row];
    events += data.event[row];
  }
  const none = { observed: null, standardError: null, lower: null, upper: null };
  const group = { from, to, n: rows.length, events, predicted: rows.length === 0 ? null : sum / rows.length };
  if (rows.length < 2) return { ...group, ...none };
  const { time, event, entry } = data;
  const curve = kaplanMeier(
    {
      time: Float64Array.from(rows, (row) => time[row]),
      event: Uint8Array.from(rows, (row) => event[row]),
      ...(entry ? { entry: Float64Array.from(rows, (row) => entry[row]) } : {}),
    },
    options,
  );
  const last = curve.time.length - 1;
  if (horizon > curve.time[last] && curve.survival[last] > 0) return { ...group, ...none };
  const [at] = survivalAt(curve, [horizon]);
  return {
    ...group,
    observed: at.survival,
    standardError: at.survival > 0 ? at.standardError / at.survival : null,
    lower: at.lower,
    upper: at.upper,
  };
}
