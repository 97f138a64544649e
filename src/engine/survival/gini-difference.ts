import { sortedOrder } from '../statistics/sorted-order.ts';

/**
 * Gini's mean difference: the mean of |x_i − x_j| over all pairs of rows; 0 of fewer than two values. rms' index g is
 * that of the linear predictor.
 *
 * Reference: David 1968, Biometrika 55: 573; R package Hmisc, `GiniMd`.
 */
export function giniDifference(values: Float64Array): number {
  const n = values.length;
  if (n < 2) return 0;
  const order = sortedOrder(values);
  // Rows i and i + 1 in order are on either side of i + 1 and n − i − 1 rows: sums of gaps do not cancel.
  let sum = 0;
  for (let i = 0; i + 1 < n; i++) sum += (i + 1) * (n - i - 1) * (values[order[i + 1]] - values[order[i]]);
  return sum / ((n * (n - 1)) / 2);
}
