import type { Arithmetic } from './wavelet-band.ts';

/** Sums of products in float64. */
export const float64: Arithmetic<Float64Array> = {
  create: (length) => new Float64Array(length),
  view: ({ samples }) => samples,
  convolve: 'convolve64',
  load: (type) => `from${type}`,
  sumAt: (from, starts, weights) => {
    let sum = weights[0] * from[starts[0]];
    for (let j = 1; j < weights.length; j++) sum += weights[j] * from[starts[j]];
    return sum;
  },
};

/** In float32, every product and every sum rounded. */
export const float32: Arithmetic<Float32Array> = {
  create: (length) => new Float32Array(length),
  view: ({ bytes }) => new Float32Array(bytes.buffer),
  convolve: 'convolve32',
  load: () => 'copyFloat32',
  sumAt: (from, starts, weights) => {
    const { fround } = Math;
    let sum = fround(weights[0] * from[starts[0]]);
    for (let j = 1; j < weights.length; j++) sum = fround(sum + fround(weights[j] * from[starts[j]]));
    return sum;
  },
};
