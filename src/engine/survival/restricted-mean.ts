import { invalidArgument } from '../statistics/argument.ts';
import type { KaplanMeierCurve } from './kaplan-meier.ts';

/**
 * The restricted mean survival time: the area under a Kaplan–Meier curve from 0 to `horizon`, and its standard error
 * √Σ A(t)² d / (n (n − d)), A(t) the area from t to the horizon. Past its last time the curve is carried on.
 *
 * References: Irwin 1949; Klein & Moeschberger 2003, §4.5; R package survival, `print.survfit(rmean=)`.
 *
 * @throws Failure ARGUMENT_INVALID unless the horizon is finite and ≥ 0.
 */
export function restrictedMean(
  curve: KaplanMeierCurve,
  horizon: number,
): { mean: number; standardError: number } {
  if (!(horizon >= 0 && horizon < Infinity)) invalidArgument('horizon', horizon, 'a finite number ≥ 0');
  if (horizon === 0) return { mean: 0, standardError: 0 };
  const { time, survival, atRisk, events } = curve;
  let count = 0;
  while (count < time.length && time[count] <= horizon) count++;
  let area = 0;
  let variance = 0;
  let end = horizon;
  for (let i = count - 1; i >= 0; i--) {
    area += (end - time[i]) * survival[i];
    const left = atRisk[i] - events[i];
    // In units of the horizon, whose square may be past all numbers.
    if (events[i] > 0 && left > 0) variance += (area / horizon) ** 2 * (events[i] / (atRisk[i] * left));
    end = time[i];
  }
  return { mean: area + end, standardError: horizon * Math.sqrt(variance) };
}
