import { numbersOf, textsOf, type Walked } from './walk-dicom.ts';

/** What all slices of a PET series must say alike, or no one knows what its voxels mean. */
interface Uptake {
  readonly correction: string;
  readonly isCorrected: boolean;
  readonly weight: number;
  readonly dose: number;
  readonly halfLife: number;
  readonly injected: number;
  readonly series: number;
}

/**
 * What makes Bq/ml SUV by body weight in a series of slices, after the product's documentation and apart from its code; `refusal` where the
 * slices contradict each other or nothing can be computed; null where a slice is written in a way that is not looked at.
 */
export function expectedUptake(slices: readonly Walked[]): number | 'refusal' | null {
  const known = slices.map(uptakeOf);
  const acquired = slices.map((slice) => secondsOf(slice, 0x00080022, 0x00080032));
  if (known.some((uptake) => uptake === null) || acquired.some((time) => time === null)) return null;
  const [first, ...others] = known as Uptake[];
  const keys = Object.keys(first) as (keyof Uptake)[];
  if (others.some((other) => keys.some((key) => !Object.is(other[key], first[key])))) return 'refusal';
  const { correction, isCorrected, weight, dose, halfLife, injected, series } = first;
  if (!isCorrected || !(weight > 0) || !(dose > 0)) return 'refusal';
  if (correction === 'ADMIN') return (1000 * weight) / dose;
  if (correction !== 'START' || !(halfLife > 0) || Number.isNaN(injected)) return 'refusal';
  const start = startOf(slices, acquired as number[], series, halfLife);
  if (Number.isNaN(start)) return 'refusal';
  const day = 86_400;
  const elapsed = (((start - injected) % day) + day) % day;
  if (elapsed > 10 * halfLife) return 'refusal';
  return (1000 * weight * Math.exp((Math.LN2 * elapsed) / halfLife)) / dose;
}

function startOf(
  slices: readonly Walked[],
  acquired: readonly number[],
  series: number,
  halfLife: number,
): number {
  const earliest = Math.min(...acquired);
  if (series <= earliest) return series;
  const slice = slices[acquired.indexOf(earliest)];
  const [reference, duration] = [0x00541300, 0x00181242].map(
    (tag) => (numbersOf(slice, tag)[0] ?? Number.NaN) / 1000,
  );
  const rate = Math.LN2 / halfLife;
  const mean = Math.log((rate * duration) / (1 - Math.exp(-rate * duration))) / rate;
  return duration > 0 ? earliest - reference + mean : Number.NaN;
}

function uptakeOf(slice: Walked): Uptake | null {
  const tracers = slice.items.get(0x00540016) ?? [];
  const series = secondsOf(slice, 0x00080021, 0x00080031);
  if (tracers.length !== 1 || series === null) return null;
  const [tracer] = tracers;
  const injected = textsOf(tracer, 0x00181072)[0];
  if (!isTime(injected) || tracer.values.has(0x00181078)) return null;
  const number = (of: Walked, tag: number) => numbersOf(of, tag)[0] ?? Number.NaN;
  const corrections = textsOf(slice, 0x00280051);
  return {
    correction: textsOf(slice, 0x00541102)[0] ?? '',
    isCorrected: ['ATTN', 'DECY'].every((one) => corrections.includes(one)),
    weight: number(slice, 0x00101030),
    dose: number(tracer, 0x00181074),
    halfLife: number(tracer, 0x00181075),
    injected: secondsOfDay(injected),
    series,
  };
}

const isTime = (text: string | undefined): text is string => /^\d{6}(\.\d{1,6})?$/.test(text ?? '');
const secondsOfDay = (text: string) =>
  3600 * Number(text.slice(0, 2)) + 60 * Number(text.slice(2, 4)) + Number(text.slice(4));

/** Null where date and time are not both written in full. */
function secondsOf(slice: Walked, dateTag: number, timeTag: number): number | null {
  const [date, time] = [textsOf(slice, dateTag)[0] ?? '', textsOf(slice, timeTag)[0]];
  if (!/^\d{8}$/.test(date) || !isTime(time)) return null;
  const days =
    Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6))) / 86_400_000;
  return 86_400 * days + secondsOfDay(time);
}
