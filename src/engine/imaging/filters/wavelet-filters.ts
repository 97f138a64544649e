import { Failure } from '../../failure.ts';
import { biorthogonal } from './wavelets/biorthogonal.ts';
import { coiflets } from './wavelets/coiflets.ts';
import { daubechies } from './wavelets/daubechies.ts';
import { symlets } from './wavelets/symlets.ts';

/** The two filters of a wavelet that decompose a signal, of one even length. */
export interface WaveletFilters<T extends Float32Array | Float64Array> {
  readonly low: T;
  readonly high: T;
}

/** The discrete wavelets that can be named, as in PyWavelets. */
export const waveletNames: readonly string[] = [
  'haar',
  'dmey',
  ...numbered('db', 1, 38),
  ...numbered('sym', 2, 20),
  ...numbered('coif', 1, 17),
  ...['bior', 'rbio'].flatMap((family) =>
    [
      '1.1',
      '1.3',
      '1.5',
      '2.2',
      '2.4',
      '2.6',
      '2.8',
      '3.1',
      '3.3',
      '3.5',
      '3.7',
      '3.9',
      '4.4',
      '5.5',
      '6.8',
    ].map((order) => family + order),
  ),
];

/**
 * The decomposition filters of the wavelet with PyWavelets' name, upper or lower case. Throws `ARGUMENT_INVALID` for any
 * other name.
 */
export function waveletFilters(name: string): WaveletFilters<Float64Array> {
  const wavelet = name.toLowerCase();
  if (!waveletNames.includes(wavelet)) {
    throw new Failure('ARGUMENT_INVALID', `there is no discrete wavelet ${name.slice(0, 80)}`, {
      argument: 'wavelet',
      value: name.slice(0, 80),
    });
  }
  const family = wavelet.match(/^[a-z]+/)![0];
  if (family === 'bior') {
    const filters = parse(biorthogonal);
    return withHighPass(filters.get(`${wavelet} analysis`)!, filters.get(`${wavelet} synthesis`)!);
  }
  if (family === 'rbio') {
    // The two filter banks change places, and time runs backwards.
    const filters = parse(biorthogonal);
    const order = wavelet.slice(4);
    const low = filters.get(`bior${order} synthesis`)!.toReversed();
    return withHighPass(low, filters.get(`bior${order} analysis`)!.toReversed());
  }
  const table = { db: daubechies, haar: daubechies, coif: coiflets, sym: symlets, dmey: symlets }[family]!;
  const low = parse(table).get(wavelet === 'haar' ? 'db1' : wavelet)!;
  return withHighPass(low, low.toReversed());
}

/** The same in float32. PyWavelets holds coiflets divided by √2, so that their weights are rounded twice. */
export function waveletFilters32(name: string): WaveletFilters<Float32Array> {
  const { low, high } = waveletFilters(name);
  if (!/^coif/i.test(name)) return { low: new Float32Array(low), high: new Float32Array(high) };
  const root = Math.fround(Math.SQRT2);
  const twice = (filter: Float64Array) =>
    Float32Array.from(filter, (weight) => Math.fround(weight / Math.SQRT2) * root);
  return { low: twice(low), high: twice(high) };
}

/** The high-pass filter that belongs to a reconstruction's low-pass filter: that with every other sign turned. */
function withHighPass(low: Float64Array, synthesis: Float64Array): WaveletFilters<Float64Array> {
  return { low, high: synthesis.map((value, n) => (n % 2 === 0 ? -value : value)) };
}

function parse(table: string): Map<string, Float64Array> {
  const filters = new Map<string, Float64Array>();
  for (const [, name, values] of table.matchAll(/^(\w.*): ([^:]*)$(?=\n\w|\n$)/gm)) {
    filters.set(name, Float64Array.from(values.trim().split(/\s+/), Number));
  }
  return filters;
}

function numbered(family: string, first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, n) => family + (first + n));
}
