import { quantiles } from '../statistics/index.ts';
import type { ConcordanceCorrected, StudyScope } from './study-event.ts';
import type { Optimism } from './study-result.ts';

/** The C of one resample's model where it was trained, and where it was judged; null where no model came about. */
export interface ResampledConcordance {
  readonly training: number;
  readonly test: number;
}

/** No information: the C of a score that knows nothing. */
const chance = 0.5;
const reportEvery = 10;

/** Gathers the resamples of one model, in order, and says how its C-index settles. */
export class OptimismEstimate {
  readonly #scope: StudyScope;
  readonly #method: Optimism['method'];
  readonly #apparent: number;
  readonly #replicates: number;
  readonly #training: number[] = [];
  readonly #test: number[] = [];
  #failed = 0;

  constructor(scope: StudyScope, method: Optimism['method'], apparent: number, replicates: number) {
    this.#scope = scope;
    this.#method = method;
    this.#apparent = apparent;
    this.#replicates = replicates;
  }

  /** Returns an event every tenth resample and at the last. */
  add(resample: ResampledConcordance | null): ConcordanceCorrected[] {
    if (!resample) this.#failed++;
    this.#training.push(resample?.training ?? chance);
    this.#test.push(resample?.test ?? chance);
    const replicate = this.#test.length;
    if (replicate % reportEvery !== 0 && replicate !== this.#replicates) return [];
    const { apparent, optimism, corrected } = this.result();
    const wholePipeline = this.#method === 'PLUS_632';
    const replicates = this.#replicates;
    return [
      {
        type: 'ConcordanceCorrected',
        ...this.#scope,
        wholePipeline,
        replicate,
        replicates,
        apparent,
        optimism,
        corrected,
      },
    ];
  }

  result(): Optimism {
    const apparent = this.#apparent;
    const training = mean(this.#training);
    const test = mean(this.#test);
    const isHarrell = this.#method === 'HARRELL';
    const corrected = isHarrell ? apparent - (training - test) : plus632(apparent, test);
    // The limits that resampling gives a C, moved by what the C itself is corrected by (Noma et al. 2021).
    const [low, high] = quantiles(isHarrell ? this.#training : this.#test, [0.025, 0.975]);
    const shift = isHarrell ? test - training : corrected - test;
    return {
      method: this.#method,
      replicates: this.#test.length,
      failed: this.#failed,
      apparent,
      optimism: apparent - corrected,
      corrected,
      lower: Math.max(0, low + shift),
      upper: Math.min(1, high + shift),
    };
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The .632+ rule for a C-index: between the apparent C and the C of patients left out, the nearer to the latter the
 * more of what could be learned by heart was so.
 */
function plus632(apparent: number, leftOut: number): number {
  const judged = Math.max(leftOut, chance);
  const overfit = apparent > chance && apparent > judged ? (apparent - judged) / (apparent - chance) : 0;
  const weight = 0.632 / (1 - 0.368 * overfit);
  return (1 - weight) * apparent + weight * judged;
}
