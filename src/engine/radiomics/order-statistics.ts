/** Buckets that the range of the values is cut into. */
const buckets = 4096;

/**
 * Percentiles of values by linear interpolation between order statistics (Hyndman and Fan's definition 7, numpy's
 * default). `percents` lie in 0 to 100. `values` must be finite and not empty, and is left as it is.
 *
 * Only the values in the buckets that hold the order statistics asked for are sorted.
 */
export function percentiles(values: Float64Array, percents: readonly number[]): number[] {
  let minimum = Infinity;
  let maximum = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  const scale = (buckets - 1) / (maximum - minimum);
  if (!(scale > 0 && scale < Infinity)) {
    // Equal values, or a range that float64 cannot divide.
    return interpolate(values.slice().sort(), 0, values.length, percents);
  }
  // starts[b + 1] first counts the values in bucket b, then becomes the number of values before bucket b + 1.
  const bucketOf = new Uint16Array(values.length);
  const starts = new Uint32Array(buckets + 1);
  for (let i = 0; i < values.length; i++) {
    const bucket = ((values[i] - minimum) * scale) | 0;
    bucketOf[i] = bucket;
    starts[bucket + 1]++;
  }
  for (let b = 0; b < buckets; b++) {
    starts[b + 1] += starts[b];
  }
  const sorted = new Map<number, Float64Array>();
  return percents.map((percent) => {
    const from = bucketAt(starts, Math.floor((percent / 100) * (values.length - 1)));
    const to = bucketAt(starts, Math.ceil((percent / 100) * (values.length - 1)));
    const key = from * buckets + to;
    let part = sorted.get(key);
    if (part === undefined) {
      part = gather(values, bucketOf, from, to, starts[to + 1] - starts[from]).sort();
      sorted.set(key, part);
    }
    return interpolate(part, starts[from], values.length, [percent])[0];
  });
}

/** The bucket with the order statistic of that number, counted from 0. */
function bucketAt(starts: Uint32Array, order: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= order) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

/** The values in buckets from `from` to `to`, of which there are `length`. */
function gather(
  values: Float64Array,
  bucketOf: Uint16Array,
  from: number,
  to: number,
  length: number,
): Float64Array {
  const found = new Float64Array(length);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    if (bucketOf[i] >= from && bucketOf[i] <= to) {
      found[n++] = values[i];
    }
  }
  return found;
}

/** Percentiles of `total` values, of which `sorted` holds those from number `first` on. */
function interpolate(
  sorted: Float64Array,
  first: number,
  total: number,
  percents: readonly number[],
): number[] {
  return percents.map((percent) => {
    const position = (percent / 100) * (total - 1);
    const below = Math.floor(position);
    const low = sorted[below - first];
    const high = sorted[Math.ceil(position) - first];
    const fraction = position - below;
    return fraction < 0.5 ? low + (high - low) * fraction : high - (high - low) * (1 - fraction);
  });
}
