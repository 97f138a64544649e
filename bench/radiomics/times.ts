import type { Extraction } from './peers.ts';

/** What both sides took, round by round. */
export class Times {
  readonly #ours: Extraction[] = [];
  readonly #theirs: Extraction[] = [];

  add(own: Extraction, other: Extraction | undefined): void {
    this.#ours.push(own);
    if (other) this.#theirs.push(other);
  }

  /** Medians and the ratio's range, by the clock and of the processor. */
  report(peer: string): string {
    return `  by the clock: ${this.#comparison(peer, 'seconds')}\n  processor:    ${this.#comparison(peer, 'processor')}`;
  }

  #comparison(peer: string, kind: 'seconds' | 'processor'): string {
    const ours = this.#ours.map((extraction) => extraction[kind]);
    const theirs = this.#theirs.map((extraction) => extraction[kind]);
    const ratios = theirs.map((seconds, round) => seconds / ours[round]);
    const ratio = `${median(ratios).toFixed(1)}× (${Math.min(...ratios).toFixed(1)}–${Math.max(...ratios).toFixed(1)})`;
    const other = theirs.length > 0 ? `, ${peer} ${median(theirs).toFixed(3)} s, ratio ${ratio}` : '';
    return `ours ${median(ours).toFixed(3)} s${other}`;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
