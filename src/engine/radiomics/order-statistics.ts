import { rangeOf } from './levels.ts';

/** Buckets that the range of the values is cut into. */
const buckets = 4096;

/**
 * Percentiles of values by linear interpolation between order statistics (Hyndman and Fan's definition 7, numpy's
 * default). `percents` lie in 0 to 100. `values` must be finite and not empty, and is left as it is.
 *
 * Only the values in the buckets that hold the order statistics asked for are sorted.
 */
export function percentiles(
  values: Float64Array,
  percents: readonly number[],
  [minimum, maximum] = rangeOf(values),
): number[] {
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
  const ends = percents.map((percent) => {
    const position = (percent / 100) * (values.length - 1);
    return [bucketAt(starts, Math.floor(position)), bucketAt(starts, Math.ceil(position))] as const;
  });
  const sorted = sortedBuckets(values, bucketOf, starts, new Set(ends.flat()));
  return percents.map((percent, n) => {
    const [from, to] = ends[n];
    const part = from === to ? sorted.get(from)! : Float64Array.of(...sorted.get(from)!, ...sorted.get(to)!);
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

/** The values of some buckets, sorted. */
function sortedBuckets(
  values: Float64Array,
  bucketOf: Uint16Array,
  starts: Uint32Array,
  wanted: ReadonlySet<number>,
): Map<number, Float64Array> {
  const found = new Map<number, Float64Array>();
  // Where the next value of each bucket goes, from 1 on; 0 for those that are not wanted.
  const next = new Uint32Array(buckets);
  let total = 1;
  for (const bucket of wanted) {
    next[bucket] = total;
    total += starts[bucket + 1] - starts[bucket];
  }
  const gathered = new Float64Array(total);
  for (let i = 0; i < values.length; i++) {
    if (next[bucketOf[i]] !== 0) gathered[next[bucketOf[i]]++] = values[i];
  }
  for (const bucket of wanted) {
    const end = next[bucket];
    found.set(bucket, gathered.subarray(end - (starts[bucket + 1] - starts[bucket]), end).sort());
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
