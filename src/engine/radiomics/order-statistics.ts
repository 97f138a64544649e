/**
 * Percentiles of values by linear interpolation between order statistics (Hyndman and Fan's definition 7, numpy's
 * default). `percents` lie in 0 to 100 and ascend. `values` must not be empty and is left as it is.
 */
export function percentiles(values: Float64Array, percents: readonly number[]): number[] {
  const work = values.slice();
  const last = work.length - 1;
  let from = 0;
  return percents.map((percent) => {
    const position = (percent / 100) * last;
    const below = Math.floor(position);
    select(work, from, last, below);
    from = below;
    const low = work[below];
    let high = low;
    if (below < last) {
      high = Infinity;
      for (let i = below + 1; i <= last; i++) {
        if (work[i] < high) {
          high = work[i];
        }
      }
    }
    const fraction = position - below;
    return fraction < 0.5 ? low + (high - low) * fraction : high - (high - low) * (1 - fraction);
  });
}

/** Hoare's quickselect: afterwards work[k] is the k-th smallest of [left, right], with none larger before it. */
function select(work: Float64Array, left: number, right: number, k: number): void {
  while (left < right) {
    const pivot = medianOf(work[left], work[(left + right) >> 1], work[right]);
    let i = left;
    let j = right;
    while (i <= j) {
      while (work[i] < pivot) i++;
      while (work[j] > pivot) j--;
      if (i <= j) {
        const swapped = work[i];
        work[i++] = work[j];
        work[j--] = swapped;
      }
    }
    if (k <= j) {
      right = j;
    } else if (k >= i) {
      left = i;
    } else {
      return;
    }
  }
}

function medianOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
