/** Shares of the tables that lead to a node: the logarithm of ∏ 1/xᵢⱼ!, and how many ways lead to it. */
export interface Past {
  readonly share: number;
  ways: number;
}

/** With more pasts than this, all completions are sorted once, instead of each past being taken through all lines. */
const FEW_PASTS = 8;

/**
 * The last two columns of Fisher's exact test. With all but two rows filled, one number is left free, in which the
 * probability is unimodal: the tables no more probable than the observed one are the two ends of that line.
 */
export class LastColumns {
  readonly #column: number;
  readonly #logFactorials: Float64Array;
  readonly #constant: number;
  readonly #limit: number;
  readonly #step: () => void;

  /**
   * @param column the total of the last column but one
   * @param constant log of what ∏ 1/xᵢⱼ! is to be multiplied by
   * @param limit the observed table's log ∏ 1/xᵢⱼ!
   * @param step called for each line of tables, or each table
   */
  constructor(
    column: number,
    logFactorials: Float64Array,
    constant: number,
    limit: number,
    step: () => void,
  ) {
    this.#column = column;
    this.#logFactorials = logFactorials;
    this.#constant = constant;
    this.#limit = limit;
    this.#step = step;
  }

  /** The probability of all completions of the rows that stay within the limit after some of the pasts. */
  probability(rows: readonly number[], pasts: readonly Past[]): number {
    if (pasts.length > FEW_PASTS) return this.#sorted(rows, pasts);
    let p = 0;
    this.#forEachLine(rows, (a, b, t, share) => {
      for (const past of pasts) {
        this.#step();
        p += past.ways * this.#line(a, b, t, past.share + share);
      }
    });
    return p;
  }

  #sorted(rows: readonly number[], pasts: readonly Past[]): number {
    const logs = this.#logFactorials;
    const found: number[] = [];
    this.#forEachLine(rows, (a, b, t, share) => {
      for (let x = Math.max(0, t - b); x <= Math.min(a, t); x++) {
        this.#step();
        found.push(share - logs[x] - logs[a - x] - logs[t - x] - logs[b - t + x]);
      }
    });
    const shares = Float64Array.from(found).sort();
    const most = shares[shares.length - 1];
    const sums = new Float64Array(shares.length);
    let sum = 0;
    for (let i = 0; i < shares.length; i++) {
      sum += Math.exp(shares[i] - most);
      sums[i] = sum;
    }
    let p = 0;
    for (const past of pasts) {
      const count = countUpTo(this.#limit - past.share, shares);
      if (count > 0) p += past.ways * Math.exp(this.#constant + past.share + most) * sums[count - 1];
    }
    return p;
  }

  #forEachLine(
    rows: readonly number[],
    visit: (a: number, b: number, t: number, share: number) => void,
  ): void {
    const logs = this.#logFactorials;
    const roomAfter = rows.map((_, i) => rows.slice(i + 1).reduce((sum, room) => sum + room, 0));
    const fill = (row: number, left: number, share: number): void => {
      if (row === rows.length - 2) {
        visit(rows[row], rows[row + 1], left, share);
        return;
      }
      for (let x = Math.max(0, left - roomAfter[row]); x <= Math.min(rows[row], left); x++) {
        fill(row + 1, left - x, share - logs[x] - logs[rows[row] - x]);
      }
    };
    fill(0, this.#column, 0);
  }

  /** The probability of the tables x, a − x | t − x, b − t + x within the limit, where the rest has the share given. */
  #line(a: number, b: number, t: number, share: number): number {
    const logs = this.#logFactorials;
    const at = (x: number) => share - logs[x] - logs[a - x] - logs[t - x] - logs[b - t + x];
    const mode = Math.min(a, t, Math.max(0, t - b, Math.floor(((t + 1) * (a + 1)) / (a + b + 2))));
    if (at(mode) <= this.#limit) {
      return Math.exp(this.#constant + share + logs[a + b] - logs[a] - logs[b] - logs[t] - logs[a + b - t]);
    }
    const isWithin = (x: number) => at(x) <= this.#limit;
    // Counted from the other row, the upper end is a lower one.
    const sum = this.#lowerEnd(a, b, t, mode, isWithin, at);
    return (
      sum +
      this.#lowerEnd(
        b,
        a,
        t,
        t - mode,
        (x) => isWithin(t - x),
        (x) => at(t - x),
      )
    );
  }

  #lowerEnd(
    a: number,
    b: number,
    t: number,
    mode: number,
    isWithin: (x: number) => boolean,
    at: (x: number) => number,
  ): number {
    const least = Math.max(0, t - b);
    if (!isWithin(least)) return 0;
    let low = least;
    let high = mode;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (isWithin(middle)) low = middle;
      else high = middle;
    }
    let ratio = 1;
    let sum = 1;
    for (let x = low; x > least && ratio > sum * 1e-17; x--) {
      ratio *= (x / (a - x + 1)) * ((b - t + x) / (t - x + 1));
      sum += ratio;
    }
    return sum * Math.exp(this.#constant + at(low));
  }
}

function countUpTo(limit: number, sorted: Float64Array): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
