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
      pass(stage, stride, a, b, c, d);
      [a, b, c, d] = [c, d, a, b];
      stride *= stage.factor;
    }
    re.set(a, offset);
    im.set(b, offset);
  };
}

/** One factor: its butterflies, and the roots of unity that go with each of `groups`. */
interface Stage {
  readonly factor: number;
  readonly groups: number;
  /** exp(−2πi·q·k / (factor · groups)) at [q · factor + k]. */
  readonly twiddleRe: Float64Array;
  readonly twiddleIm: Float64Array;
  /** exp(−2πi·j·k / factor) at [j · factor + k]. */
  readonly rootRe: Float64Array;
  readonly rootIm: Float64Array;
}

function stagesOf(length: number): Stage[] {
  const stages: Stage[] = [];
  let rest = length;
  for (const factor of [4, 2, 3, 5]) {
    while (rest % factor === 0) {
      const size = rest;
      rest /= factor;
      const [twiddleRe, twiddleIm] = rootsOf(rest, factor, size);
      const [rootRe, rootIm] = rootsOf(factor, factor, factor);
      stages.push({ factor, groups: rest, twiddleRe, twiddleIm, rootRe, rootIm });
    }
  }
  return stages;
}

/** exp(−2πi·j·k / of) for j below `rows`, k below `columns`. */
function rootsOf(rows: number, columns: number, of: number): [re: Float64Array, im: Float64Array] {
  const re = new Float64Array(rows * columns);
  const im = new Float64Array(rows * columns);
  for (let j = 0; j < rows; j++) {
    for (let k = 0; k < columns; k++) {
      const angle = (-2 * Math.PI * ((j * k) % of)) / of;
      re[j * columns + k] = Math.cos(angle);
      im[j * columns + k] = Math.sin(angle);
    }
  }
  return [re, im];
}

function pass(
  { factor, groups, twiddleRe, twiddleIm, rootRe, rootIm }: Stage,
  stride: number,
  fromRe: Float64Array,
  fromIm: Float64Array,
  toRe: Float64Array,
  toIm: Float64Array,
): void {
  const jump = stride * groups;
  for (let q = 0; q < groups; q++) {
    for (let k = 0; k < factor; k++) {
      const wr = twiddleRe[q * factor + k];
      const wi = twiddleIm[q * factor + k];
      const to = stride * (factor * q + k);
      const from = stride * q;
      for (let s = 0; s < stride; s++) {
        let sumRe = fromRe[from + s];
        let sumIm = fromIm[from + s];
        for (let j = 1, at = from + s + jump; j < factor; j++, at += jump) {
          const xr = fromRe[at];
          const xi = fromIm[at];
          const rr = rootRe[j * factor + k];
          const ri = rootIm[j * factor + k];
          sumRe += xr * rr - xi * ri;
          sumIm += xr * ri + xi * rr;
        }
        toRe[to + s] = sumRe * wr - sumIm * wi;
        toIm[to + s] = sumRe * wi + sumIm * wr;
      }
    }
  }
}
