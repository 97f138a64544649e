import { expect, it } from 'vitest';
import { fourier, fourierLength } from './fourier.ts';

/** The sum of the definition, of lines side by side. */
function slowly(re: Float64Array, im: Float64Array, length: number, batch: number) {
  const [outRe, outIm] = [new Float64Array(re.length), new Float64Array(re.length)];
  for (let k = 0; k < length; k++) {
    for (let n = 0; n < length; n++) {
      const angle = (-2 * Math.PI * k * n) / length;
      for (let b = 0; b < batch; b++) {
        const [x, y] = [re[n * batch + b], im[n * batch + b]];
        outRe[k * batch + b] += x * Math.cos(angle) - y * Math.sin(angle);
        outIm[k * batch + b] += x * Math.sin(angle) + y * Math.cos(angle);
      }
    }
  }
  return { re: outRe, im: outIm };
}

it.each([
  [1, 1],
  [2, 3],
  [8, 1],
  [12, 2],
  [15, 4],
  [60, 3],
  [64, 1],
  [90, 2],
])('transforms %i numbers, %i lines side by side', (length, batch) => {
  const count = length * batch;
  const re = Float64Array.from({ length: count + 2 }, (_, n) => Math.sin(3 * n * n));
  const im = Float64Array.from({ length: count + 2 }, (_, n) => Math.cos(5 * n * n));
  const expected = slowly(re.slice(2), im.slice(2), length, batch);
  const before = [re[0], re[1]];
  fourier(length, batch)(re, im, 2);
  expect([re[0], re[1]]).toEqual(before);
  for (let n = 0; n < count; n++) {
    expect(Math.abs(re[n + 2] - expected.re[n])).toBeLessThan(1e-12 * length);
    expect(Math.abs(im[n + 2] - expected.im[n])).toBeLessThan(1e-12 * length);
  }
});

it('finds lengths without other factors than 2, 3 and 5', () => {
  expect([0, 1, 7, 11, 13, 97, 101, 199, 257].map(fourierLength)).toEqual([
    1, 1, 8, 12, 15, 100, 108, 200, 270,
  ]);
});
