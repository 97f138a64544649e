import { Failure } from '../engine/failure.ts';

/** The most bins of a histogram. */
export const maxBins = 200;

/**
 * Edges of at most `count` bins of equal width that cover the numbers from `least` to `greatest`: multiples of 1, 2 or 5 times a power
 * of ten, as axes have them. One bin without width where all numbers are the same, or too near to each other for such edges.
 */
export function histogramEdges(least: number, greatest: number, count: number): number[] {
  const width = greatest / count - least / count;
  if (!(width > 0)) return [least, greatest];
  const power = Math.floor(Math.log10(width));
  for (let exponent = power; exponent <= power + 2; exponent++)
    for (const factor of [1, 2, 5]) {
      const edge = (n: number) =>
        exponent < 0 ? (n * factor) / 10 ** -exponent : n * factor * 10 ** exponent;
      const step = edge(1);
      let first = Math.floor(least / step);
      let last = Math.ceil(greatest / step);
      if (!Number.isSafeInteger(2 * first) || !Number.isSafeInteger(2 * last)) continue;
      // A quotient is rounded, and the edge with it.
      while (edge(first) > least) first--;
      while (edge(last) < greatest) last++;
      if (last === first) last++;
      if (last - first > count) continue;
      const edges = Array.from({ length: last - first + 1 }, (_, place) => edge(first + place));
      if (edges.every((value, place) => Number.isFinite(value) && (place === 0 || value > edges[place - 1])))
        return edges;
    }
  return [least, greatest];
}

/** Throws `INPUT_INVALID` unless the edges are two or more finite numbers that rise, `LIMIT_EXCEEDED` for too many. */
export function requireEdges(edges: readonly number[], field: string): readonly number[] {
  if (edges.length > maxBins + 1)
    throw new Failure('LIMIT_EXCEEDED', `${field} has ${edges.length} entries; the limit is ${maxBins + 1}`, {
      field,
      limit: maxBins + 1,
    });
  const wrong = edges.findIndex(
    (edge, place) => !Number.isFinite(edge) || (place > 0 && edge <= edges[place - 1]),
  );
  if (edges.length >= 2 && wrong < 0) return edges;
  throw new Failure('INPUT_INVALID', `${field} must be two or more numbers, each above the one before`, {
    field,
    index: Math.max(wrong, 0),
  });
}
