/** Measures of a model fitted to a resample: on the resample itself, and on all rows. */
export interface OptimismSample {
  readonly training: readonly (number | null)[];
  readonly test: readonly (number | null)[];
}

/** One measure, as it appears on the rows of the fit and corrected by the bootstrap. */
export interface CorrectedMeasure {
  readonly apparent: number | null;
  /** Means over the resamples in which both are defined; null if there is none. */
  readonly training: number | null;
  readonly test: number | null;
  /** training − test. */
  readonly optimism: number | null;
  /** apparent − optimism. */
  readonly corrected: number | null;
  readonly resamples: number;
}

/**
 * The optimism of measures, and the measures less it: by how much they are better on the rows that a model was
 * fitted to than on others, estimated by models fitted to resamples.
 *
 * Reference: Efron 1983; Harrell 2015, §5.3.4.
 *
 * @param samples one a resample; null where no model could be fitted.
 */
export function correctOptimism(
  apparent: readonly (number | null)[],
  samples: readonly (OptimismSample | null)[],
): CorrectedMeasure[] {
  return apparent.map((value, m) => {
    let training = 0;
    let test = 0;
    let resamples = 0;
    for (const sample of samples) {
      const a = sample?.training[m] ?? null;
      const b = sample?.test[m] ?? null;
      if (a === null || b === null) continue;
      training += a;
      test += b;
      resamples++;
    }
    if (resamples === 0)
      return { apparent: value, training: null, test: null, optimism: null, corrected: null, resamples };
    const means = { training: training / resamples, test: test / resamples };
    const optimism = means.training - means.test;
    return {
      apparent: value,
      ...means,
      optimism,
      corrected: value === null ? null : value - optimism,
      resamples,
    };
  });
}
