import { Failure } from '../../failure.ts';
import { type DataSet, itemsOf, number, shorten, text, texts } from './data-set.ts';
import { dateAndTime, dateTime, timeOfDay } from './date-time.ts';
import type { Keyword } from './dictionary.ts';

const day = 86_400;

/** What the factor is made of: it is one for all slices, which must say the same. */
const ofSeries: readonly Keyword[] = [
  ...(['Units', 'SUVType', 'PhilipsSuvFactor', 'PhilipsActivityFactor', 'PatientWeight'] as const),
  ...(['DecayCorrection', 'CorrectedImage', 'SeriesDate', 'SeriesTime'] as const),
];
const ofTracer: readonly Keyword[] = [
  ...(['RadionuclideTotalDose', 'RadionuclideHalfLife'] as const),
  ...(['RadiopharmaceuticalStartDateTime', 'RadiopharmaceuticalStartTime'] as const),
];

/**
 * The factor that makes the rescaled voxels of a PET series standardized uptake values by body weight, SUVbw in g/ml, from the
 * data sets of its slices: activity concentration (Bq/ml) · weight (g) / injected dose (Bq), the dose decayed to the time that the
 * images are corrected to.
 *
 * Units BQML: corrected for attenuation and decay; decay correction to the scan's start (START) or to the injection (ADMIN). The
 * scan's start is the series' time, unless acquisition began earlier: then the acquisition's less the frame reference time, by
 * the mean count rate's time. An injection's time without a date that is later than the scan's is the day before's.
 * CNTS: by Philips' own factors. GML: taken as SUVbw, unless SUVType says otherwise.
 *
 * Throws `SUV_UNDEFINED`, naming what is missing or not read, or differs between slices.
 *
 * QIBA SUV vendor-neutral pseudocode (2012); DICOM PS3.3 C.8.9.
 */
export function suvFactor(dataSets: readonly DataSet[]): number {
  requireAgreement(dataSets);
  const [dataSet] = dataSets;
  const units = text(dataSet, 'Units');
  if (units === 'GML') {
    const type = text(dataSet, 'SUVType') ?? 'BW';
    return type === 'BW' ? 1 : refuse(`the values are SUV by ${type}, not by body weight`, 'SUVType', type);
  }
  if (units === 'BQML') return bodyWeightFactor(dataSets);
  if (units !== 'CNTS') refuse(`the unit of the values is ${units ?? 'missing'}`, 'Units', units);
  const suv = number(dataSet, 'PhilipsSuvFactor');
  if (suv !== null && suv > 0) return suv;
  const concentration = number(dataSet, 'PhilipsActivityFactor');
  if (concentration === null || !(concentration > 0)) {
    refuse(
      'the values are counts (CNTS), and the factors of Philips that scale them are missing',
      'Units',
      units,
    );
  }
  return concentration * bodyWeightFactor(dataSets);
}

function requireAgreement(dataSets: readonly DataSet[]): void {
  // The frames of a multi-frame instance share theirs.
  const [first, ...others] = new Set(dataSets);
  const tracers = itemsOf(first, 'RadiopharmaceuticalInformationSequence');
  for (const other of others) {
    for (const keyword of ofSeries) requireSame(first, other, keyword);
    const given = itemsOf(other, 'RadiopharmaceuticalInformationSequence');
    if (given.length !== tracers.length)
      differ('RadiopharmaceuticalInformationSequence', tracers.length, given.length);
    for (const [n, tracer] of tracers.entries())
      for (const keyword of ofTracer) requireSame(tracer, given[n], keyword);
  }
}

function requireSame(first: DataSet, other: DataSet, keyword: Keyword): void {
  const [expected, found] = [first, other].map((dataSet) => texts(dataSet, keyword).join(', '));
  if (found !== expected) differ(keyword, expected, found);
}

function differ(keyword: Keyword, expected: string | number, found: string | number): never {
  const shown = [found, expected].map((value) => shorten(String(value)) || 'none');
  refuse(`slices differ in ${keyword}, ${shown[0]} against ${shown[1]}`, keyword, found);
}

function bodyWeightFactor(dataSets: readonly DataSet[]): number {
  const [dataSet] = dataSets;
  const corrections = texts(dataSet, 'CorrectedImage');
  for (const correction of ['ATTN', 'DECY']) {
    if (!corrections.includes(correction)) {
      refuse(`the images are not corrected for ${correction}`, 'CorrectedImage', corrections.join(', '));
    }
  }
  const weight = positive(dataSet, 'PatientWeight');
  const tracers = itemsOf(dataSet, 'RadiopharmaceuticalInformationSequence');
  if (tracers.length !== 1) {
    refuse(
      `${tracers.length} radiopharmaceuticals are given`,
      'RadiopharmaceuticalInformationSequence',
      null,
    );
  }
  const [tracer] = tracers;
  const dose = positive(tracer, 'RadionuclideTotalDose');
  const decayed = dose * 2 ** -halfLives(dataSets, tracer);
  return (weight * 1000) / decayed;
}

/** Half-lives between injection and the time that the images are corrected to. */
function halfLives(dataSets: readonly DataSet[], tracer: DataSet): number {
  const [dataSet] = dataSets;
  const correction = text(dataSet, 'DecayCorrection');
  if (correction === 'ADMIN') return 0;
  if (correction !== 'START') {
    refuse(`the decay correction is ${correction ?? 'missing'}`, 'DecayCorrection', correction);
  }
  const halfLife = positive(tracer, 'RadionuclideHalfLife');
  const start = scanStart(dataSets, halfLife);
  const elapsed = start - injection(tracer, start);
  if (elapsed >= 0 && elapsed <= 10 * halfLife) return elapsed / halfLife;
  return refuse(
    `the scan began ${elapsed} s after the injection, at a half-life of ${halfLife} s`,
    'RadiopharmaceuticalStartDateTime',
    String(elapsed),
  );
}

function injection(tracer: DataSet, start: number): number {
  const known = dateTime(tracer, 'RadiopharmaceuticalStartDateTime');
  if (known !== null) return known;
  const time = timeOfDay(tracer, 'RadiopharmaceuticalStartTime');
  if (time === null) refuse('the time of injection is missing', 'RadiopharmaceuticalStartTime', null);
  const sameDay = Math.floor(start / day) * day + time;
  return sameDay <= start ? sameDay : sameDay - day;
}

function scanStart(dataSets: readonly DataSet[], halfLife: number): number {
  const acquired = dataSets.map(
    (dataSet) =>
      dateTime(dataSet, 'AcquisitionDateTime') ??
      dateAndTime(dataSet, 'AcquisitionDate', 'AcquisitionTime') ??
      refuse('the time of acquisition is missing', 'AcquisitionTime', null),
  );
  const earliest = acquired.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const series = dateAndTime(dataSets[0], 'SeriesDate', 'SeriesTime');
  if (series !== null && series <= earliest) return series;
  const first = dataSets[acquired.indexOf(earliest)];
  const reference = number(first, 'FrameReferenceTime');
  const duration = number(first, 'ActualFrameDuration');
  if (reference === null || duration === null || !(duration > 0)) {
    refuse(
      'the series is dated after its acquisition, and FrameReferenceTime or ActualFrameDuration is missing',
      'FrameReferenceTime',
      null,
    );
  }
  const rate = Math.LN2 / halfLife;
  const decay = (rate * duration) / 1000;
  // When, within the frame, the count rate is its mean.
  const mean = Math.log(decay / -Math.expm1(-decay)) / rate;
  return earliest - reference / 1000 + mean;
}

function positive(dataSet: DataSet, keyword: Keyword): number {
  const value = number(dataSet, keyword);
  return value !== null && value > 0 ? value : refuse(`${keyword} is ${value ?? 'missing'}`, keyword, value);
}

function refuse(message: string, field: string, value: string | number | null): never {
  throw new Failure('SUV_UNDEFINED', `no SUV can be computed: ${message}`, { field, value });
}
