/**
 * Rows in the order of their times, for counting pairs (left, right), left before right: `left` weighs a row as the
 * earlier one of a pair (0 for the censored), `right` as the later one.
 */
export interface PairSequence {
  /** Dense rank of the score. */
  readonly rank: Int32Array;
  readonly left: Float64Array;
  readonly right: Float64Array;
  /** Where the row's own sums are kept. */
  readonly row: Int32Array;
  /** Starts of runs, ascending by rank, within which no pair counts; the length of the sequence is its last element. */
  readonly runs: Int32Array;
}

/** Sums over pairs; `higher` where the earlier row has the higher score. */
export interface PairSums {
  higher: number;
  lower: number;
  equal: number;
  /** For each row, Σ of the other's weight over its pairs as the earlier and as the later one: higher − lower, and all. */
  readonly netAsLeft: Float64Array;
  readonly allAsLeft: Float64Array;
  readonly netAsRight: Float64Array;
  readonly allAsRight: Float64Array;
}

export function emptyPairSums(rows: number): PairSums {
  const make = () => new Float64Array(rows);
  return {
    higher: 0,
    lower: 0,
    equal: 0,
    netAsLeft: make(),
    allAsLeft: make(),
    netAsRight: make(),
    allAsRight: make(),
  };
}

/**
 * Adds `sign` times the pair sums of a sequence, in O(n log n): a bottom-up merge sort by rank, each merge of which
 * counts the pairs between its two runs. The sequence's arrays are used up.
 */
export function addPairs(sequence: PairSequence, into: PairSums, sign: 1 | -1): void {
  const n = sequence.rank.length;
  const leftBefore = prefix(sequence.left);
  const rightBefore = prefix(sequence.right);
  let from = sequence;
  let to: PairSequence = {
    rank: new Int32Array(n),
    left: new Float64Array(n),
    right: new Float64Array(n),
    row: new Int32Array(n),
    runs: new Int32Array(sequence.runs.length),
  };
  let count = sequence.runs.length - 1;
  while (count > 1) {
    let merged = 0;
    for (let r = 0; r < count; r += 2) {
      const start = from.runs[r];
      const middle = from.runs[r + 1];
      const end = r + 1 < count ? from.runs[r + 2] : middle;
      to.runs[merged++] = start;
      const lefts = leftBefore[middle] - leftBefore[start];
      const rights = rightBefore[end] - rightBefore[middle];
      mergeRuns(from, to, start, middle, end, lefts, rights, into, sign);
    }
    to.runs[merged] = n;
    count = merged;
    [from, to] = [to, from];
  }
}

function mergeRuns(
  from: PairSequence,
  to: PairSequence,
  start: number,
  middle: number,
  end: number,
  lefts: number,
  rights: number,
  into: PairSums,
  sign: number,
): void {
  const { rank, left, right, row } = from;
  const { netAsLeft, allAsLeft, netAsRight, allAsRight } = into;
  let i = start;
  let j = middle;
  let out = start;
  let leftBelow = 0;
  let rightBelow = 0;
  let higher = 0;
  let lower = 0;
  let equal = 0;
  while (i < middle || j < end) {
    const r = j >= end || (i < middle && rank[i] <= rank[j]) ? rank[i] : rank[j];
    const firstLeft = i;
    const firstRight = j;
    let leftHere = 0;
    let rightHere = 0;
    for (; i < middle && rank[i] === r; i++) leftHere += left[i];
    for (; j < end && rank[j] === r; j++) rightHere += right[j];
    const rightAbove = rights - rightBelow - rightHere;
    const leftAbove = lefts - leftBelow - leftHere;
    higher += leftHere * rightBelow;
    lower += leftHere * rightAbove;
    equal += leftHere * rightHere;
    for (let a = firstLeft; a < i; a++, out++) {
      const id = row[a];
      if (left[a] !== 0) {
        netAsLeft[id] += sign * (rightBelow - rightAbove);
        allAsLeft[id] += sign * rights;
      }
      to.rank[out] = r;
      to.left[out] = left[a];
      to.right[out] = right[a];
      to.row[out] = id;
    }
    for (let b = firstRight; b < j; b++, out++) {
      const id = row[b];
      netAsRight[id] += sign * (leftAbove - leftBelow);
      allAsRight[id] += sign * lefts;
      to.rank[out] = r;
      to.left[out] = left[b];
      to.right[out] = right[b];
      to.row[out] = id;
    }
    leftBelow += leftHere;
    rightBelow += rightHere;
  }
  into.higher += sign * higher;
  into.lower += sign * lower;
  into.equal += sign * equal;
}

function prefix(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i] + values[i];
  return sums;
}
