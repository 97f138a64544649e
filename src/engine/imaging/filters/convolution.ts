/** Sums over runs of samples: `to[at + i] = Σ_j weights[j] · from[starts[j] + i]` for i up to `length`, j ascending. */
export type WeightedSum<T> = (
  from: T,
  starts: Int32Array,
  weights: T,
  length: number,
  to: T,
  at: number,
) => void;

/** The sum in float64. An even number of weights is taken two at a time. */
export const weightedSum64: WeightedSum<Float64Array> = (from, starts, weights, length, to, at) => {
  for (let j = 0; j < weights.length; j += 2) {
    const [w0, w1] = [weights[j], weights[j + 1]];
    const [s0, s1] = [starts[j], starts[j + 1]];
    if (j === 0) for (let i = 0; i < length; i++) to[at + i] = w0 * from[s0 + i] + w1 * from[s1 + i];
    else for (let i = 0; i < length; i++) to[at + i] = to[at + i] + w0 * from[s0 + i] + w1 * from[s1 + i];
  }
};

/** The sum in float32, every product and every sum rounded. */
export const weightedSum32: WeightedSum<Float32Array> = (from, starts, weights, length, to, at) => {
  const { fround } = Math;
  for (let j = 0; j < weights.length; j += 2) {
    const [w0, w1] = [weights[j], weights[j + 1]];
    const [s0, s1] = [starts[j], starts[j + 1]];
    if (j === 0) {
      for (let i = 0; i < length; i++) to[at + i] = fround(w0 * from[s0 + i]) + fround(w1 * from[s1 + i]);
    } else {
      for (let i = 0; i < length; i++) {
        to[at + i] = fround(to[at + i] + fround(w0 * from[s0 + i])) + fround(w1 * from[s1 + i]);
      }
    }
  }
};
