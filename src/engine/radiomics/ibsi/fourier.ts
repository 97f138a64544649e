import { butterflies } from './butterflies.ts';

/** The least length of at least `least` that `fourier` takes: without prime factors but 2, 3 and 5. */
export function fourierLength(least: number): number {
  for (let length = Math.max(1, least); ; length++) {
    let rest = length;
    for (const factor of [2, 3, 5]) {
      while (rest % factor === 0) rest /= factor;
    }
    if (rest === 1) return length;
  }
}

/**
 * Transforms complex data of `length` × `batch` numbers along the first axis, `batch` lines side by side: Σ x[n] exp(−2πi kn /
 * length). In place, beginning at `offset`. Stockham's algorithm with factors 2 to 5.
 */
export type Fourier = (re: Float64Array, im: Float64Array, offset: number) => void;

export function fourier(length: number, batch: number): Fourier {
  const stages = stagesOf(length);
  const total = length * batch;
  const rooms = [0, 1, 2, 3].map(() => new Float64Array(total));
  return (re, im, offset) => {
    let [a, b, c, d] = rooms;
    a.set(re.subarray(offset, offset + total));
    b.set(im.subarray(offset, offset + total));
    let stride = batch;
    for (const stage of stages) {
      butterflies[stage.factor](stage, stride, a, b, c, d);
      [a, b, c, d] = [c, d, a, b];
      stride *= stage.factor;
    }
    re.set(a, offset);
    im.set(b, offset);
  };
}

/** One factor, and the roots of unity that go with each of `groups`: exp(−2πi·q·k / (factor · groups)) at [q · factor + k]. */
export interface Stage {
  readonly factor: number;
  readonly groups: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

function stagesOf(length: number): Stage[] {
  const stages: Stage[] = [];
  let rest = length;
  for (const factor of [4, 2, 3, 5]) {
    while (rest % factor === 0) {
      const size = rest;
      rest /= factor;
      const [re, im] = [new Float64Array(size), new Float64Array(size)];
      for (let q = 0; q < rest; q++) {
        for (let k = 0; k < factor; k++) {
          re[q * factor + k] = Math.cos((2 * Math.PI * q * k) / size);
          im[q * factor + k] = -Math.sin((2 * Math.PI * q * k) / size);
        }
      }
      stages.push({ factor, groups: rest, re, im });
    }
  }
  return stages;
}
