/** Digits of the low and the high word of a double, least significant first: shift, bits. */
const DIGITS = [
  { high: false, shift: 0, size: 2048 },
  { high: false, shift: 11, size: 2048 },
  { high: false, shift: 22, size: 1024 },
  { high: true, shift: 0, size: 2048 },
  { high: true, shift: 11, size: 2048 },
  { high: true, shift: 22, size: 1024 },
] as const;

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
  const largest = largestCount(values);
  if (largest >= 0 && largest < 4 * n) return countingSort(values, order, largest);
  return radixSort(values, order);
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
  const next = new Int32Array(largest + 2);
  for (let i = 0; i < order.length; i++) next[values[order[i]] + 1]++;
  for (let v = 0; v < largest; v++) next[v + 1] += next[v];
  const sorted = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) {
    const index = order[i];
    sorted[next[values[index]]++] = index;
  }
  return sorted;
}

function radixSort(values: Float64Array, initial: Int32Array): Int32Array {
  const { high, low } = sortableWords(values);
  let order = initial;
  let other: Int32Array = new Int32Array(order.length);
  for (const { high: isHigh, shift, size } of DIGITS) {
    const words = isHigh ? high : low;
    const next = new Int32Array(size + 1);
    const mask = size - 1;
    for (let i = 0; i < order.length; i++) next[((words[order[i]] >>> shift) & mask) + 1]++;
    if (next.includes(order.length, 1)) continue;
    for (let digit = 0; digit < size; digit++) next[digit + 1] += next[digit];
    for (let i = 0; i < order.length; i++) {
      const index = order[i];
      other[next[(words[index] >>> shift) & mask]++] = index;
    }
    [order, other] = [other, order];
  }
  return order;
}

/** The bits of doubles sort as unsigned numbers once negative ones are inverted and the others get their sign bit. */
function sortableWords(values: Float64Array): { high: Uint32Array; low: Uint32Array } {
  const n = values.length;
  const high = new Uint32Array(n);
  const low = new Uint32Array(n);
  const bits = new Float64Array(1);
  const words = new Uint32Array(bits.buffer);
  for (let i = 0; i < n; i++) {
    bits[0] = values[i] + 0;
    const flip = -(words[1] >>> 31);
    high[i] = words[1] ^ (flip | 0x80000000);
    low[i] = words[0] ^ flip;
  }
  return { high, low };
}
