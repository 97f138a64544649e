/** Digits of 11, 11 and 10 bits, least significant first. */
const SHIFTS = [0, 11, 22] as const;
const DIGITS = 2048;
/** Longer runs of equal high words are worth a pass of their own over the low words. */
const LONG = 24;
/** Up to so many values, counts and words have room that is kept from sort to sort. */
const KEPT = 2 ** 14;
const counts = new Int32Array(KEPT);
const words = Array.from({ length: 4 }, () => new Int32Array(KEPT));
/** Up to so many values insertion is quicker than to clear the counts of a radix sort. */
const FEW = 128;

/**
 * The stable ascending order of finite doubles: `order[0]` is the index of the smallest. Ties keep the order in which
 * `initial` (default 0, 1, 2, …) lists them. −0 equals 0.
 *
 * Linear: a counting sort for whole numbers of no great range, else a radix sort on the bits of the doubles.
 */
export function sortedOrder(values: Float64Array, initial?: Int32Array): Int32Array {
  const n = initial ? initial.length : values.length;
  const order = initial ? initial.slice() : new Int32Array(n);
  if (!initial) for (let i = 0; i < n; i++) order[i] = i;
  if (n <= FEW) return insertionSort(values, order);
  const largest = largestCount(values);
  if (largest >= 0 && largest < 4 * n) return countingSort(values, order, largest);
  return radixSort(values, order);
}

function insertionSort(values: Float64Array, order: Int32Array): Int32Array {
  for (let i = 1; i < order.length; i++) {
    const index = order[i];
    const value = values[index];
    let place = i;
    for (; place > 0 && values[order[place - 1]] > value; place--) order[place] = order[place - 1];
    order[place] = index;
  }
  return order;
}

/** The largest value if all are whole numbers from 0 to 2³⁰, else −1. */
function largestCount(values: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (!(v >= 0 && v <= 2 ** 30 && v === (v | 0))) return -1;
    if (v > largest) largest = v;
  }
  return largest;
}

function countingSort(values: Float64Array, order: Int32Array, largest: number): Int32Array {
  const next = cleared(largest + 2);
  for (let i = 0; i < order.length; i++) next[values[order[i]] + 1]++;
  for (let v = 0; v < largest; v++) next[v + 1] += next[v];
  const sorted = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) {
    const index = order[i];
    sorted[next[values[index]]++] = index;
  }
  return sorted;
}

function cleared(length: number): Int32Array {
  return length <= KEPT ? counts.subarray(0, length).fill(0) : new Int32Array(length);
}

/** By the high words, which leaves few neighbours to be told apart by the low ones, unless all of those are. */
function radixSort(values: Float64Array, order: Int32Array): Int32Array {
  const n = order.length;
  const [high, low, spareHigh, spareLow] = words.map((kept) =>
    n <= KEPT ? kept.subarray(0, n) : new Int32Array(n),
  );
  sortableWords(values, order, high, low);
  let rows: Rows = { order, high, low };
  let spare: Rows = { order: new Int32Array(n), high: spareHigh, low: spareLow };
  const pass = (key: 'high' | 'low', shift: number) => {
    if (!distribute(rows, spare, rows[key], shift)) return;
    [rows, spare] = [spare, rows];
  };
  for (const shift of SHIFTS) pass('high', shift);
  if (sortRuns(rows)) return rows.order;
  for (const shift of SHIFTS) pass('low', shift);
  for (const shift of SHIFTS) pass('high', shift);
  return rows.order;
}

interface Rows {
  readonly order: Int32Array;
  readonly high: Int32Array;
  readonly low: Int32Array;
}

/** One pass of a counting sort; false, and nothing done, where all have the same digit. */
function distribute(from: Rows, to: Rows, key: Int32Array, shift: number): boolean {
  const n = key.length;
  const next = cleared(DIGITS + 1);
  for (let i = 0; i < n; i++) next[((key[i] >>> shift) & (DIGITS - 1)) + 1]++;
  if (next.includes(n, 1)) return false;
  for (let digit = 0; digit < DIGITS; digit++) next[digit + 1] += next[digit];
  const { order, high, low } = from;
  const { order: sortedOrder, high: sortedHigh, low: sortedLow } = to;
  for (let i = 0; i < n; i++) {
    const place = next[(key[i] >>> shift) & (DIGITS - 1)]++;
    sortedOrder[place] = order[i];
    sortedHigh[place] = high[i];
    sortedLow[place] = low[i];
  }
  return true;
}

/** Sorts each run of equal high words by the low ones, by insertion; false where a run is too long for that. */
function sortRuns({ order, high, low }: Rows): boolean {
  const n = order.length;
  for (let from = 0, to = 0; from < n; from = to) {
    for (to = from + 1; to < n && high[to] === high[from]; ) to++;
    let sorted = true;
    for (let i = from + 1; i < to && sorted; i++) sorted = low[i] >>> 0 >= low[i - 1] >>> 0;
    if (sorted) continue;
    if (to - from > LONG) return false;
    for (let i = from + 1; i < to; i++) {
      const word = low[i];
      const index = order[i];
      let place = i;
      for (; place > from && low[place - 1] >>> 0 > word >>> 0; place--) {
        low[place] = low[place - 1];
        order[place] = order[place - 1];
      }
      low[place] = word;
      order[place] = index;
    }
  }
  return true;
}

/** The bits of doubles sort as unsigned numbers once negative ones are inverted and the others get their sign bit. */
function sortableWords(values: Float64Array, order: Int32Array, high: Int32Array, low: Int32Array): void {
  const bits = new Float64Array(1);
  const words = new Int32Array(bits.buffer);
  for (let i = 0; i < order.length; i++) {
    bits[0] = values[order[i]] + 0;
    const flip = words[1] >> 31;
    high[i] = words[1] ^ (flip | 0x80000000);
    low[i] = words[0] ^ flip;
  }
}
