import { describe, expect, it } from 'vitest';
import type { DicomFields } from '../../../../test/support/dicom-bytes.ts';
import { ctFields, dicomFile } from '../../../../test/support/dicom-series.ts';
import { failureOf } from '../../../../test/support/failure-of.ts';
import { readSeries } from './series.ts';

const halfLife = 6586.2;
const pet = (k: number, changed: DicomFields = {}, tracer: DicomFields = {}) =>
  dicomFile(
    ctFields(k, {
      Modality: 'PT',
      RescaleSlope: String(k + 1.5),
      Units: 'BQML',
      DecayCorrection: 'START',
      CorrectedImage: 'DECY\\ATTN\\SCAT',
      PatientWeight: '80',
      SeriesDate: '20200301',
      SeriesTime: '103000.00',
      AcquisitionDate: '20200301',
      AcquisitionTime: `1030${String(10 + k).padStart(2, '0')}`,
      RadiopharmaceuticalInformationSequence: [
        {
          RadiopharmaceuticalStartTime: '093000',
          RadionuclideTotalDose: '4e8',
          RadionuclideHalfLife: String(halfLife),
          ...tracer,
        },
      ],
      ...changed,
    }),
    `pet-${k}.dcm`,
  );

const factorOf = (changed: DicomFields = {}, tracer: DicomFields = {}) => {
  const { volume, unit } = readSeries([0, 1].map((k) => pet(k, changed, tracer)));
  expect(unit).toBe('SUVbw');
  // Voxel 3 of slice 1 stores 103.
  expect(volume.voxels[23] / volume.voxels[3]).toBeCloseTo((2.5 * 103) / (1.5 * 3), 10);
  return volume.voxels[23] / (2.5 * 103);
};
/** Weight in g by the dose that is left after some seconds. */
const expected = (seconds: number) => 80_000 / (4e8 * 0.5 ** (seconds / halfLife));

describe('PET series', () => {
  it('become SUV by body weight, the dose decayed to the start of the series', () => {
    expect(factorOf() / expected(3600)).toBeCloseTo(1, 12);
  });

  it('take an injection before midnight for the day before', () => {
    expect(factorOf({}, { RadiopharmaceuticalStartTime: '233000' }) / expected(11 * 3600)).toBeCloseTo(1, 12);
    const dated = {
      RadiopharmaceuticalStartDateTime: '20200301090000.0+0100',
      RadiopharmaceuticalStartTime: '',
    };
    expect(factorOf({}, dated) / expected(5400)).toBeCloseTo(1, 12);
  });

  it('need no time where the decay is corrected to the injection', () => {
    expect(factorOf({ DecayCorrection: 'ADMIN', SeriesTime: '' }) / expected(0)).toBeCloseTo(1, 12);
  });

  it('take the start from the frame reference time where the series is dated later', () => {
    // The mean count rate of a frame of 1 s lies at its middle.
    const late = { SeriesTime: '120000', FrameReferenceTime: '10500', ActualFrameDuration: '1000' };
    expect(factorOf(late) / expected(3600)).toBeCloseTo(1, 8);
    expect(failureOf(() => factorOf({ SeriesTime: '120000' })).details.field).toBe('FrameReferenceTime');
  });

  it('may hold SUV already, or the counts of Philips', () => {
    expect(factorOf({ Units: 'GML' })).toBe(1);
    expect(factorOf({ Units: 'CNTS', PhilipsSuvFactor: '0.0005' })).toBeCloseTo(0.0005, 15);
    expect(factorOf({ Units: 'CNTS', PhilipsActivityFactor: '2' }) / (2 * expected(3600))).toBeCloseTo(1, 12);
  });

  it('are refused where a slope leads out of all numbers', () => {
    const failure = failureOf(() => readSeries([pet(0), pet(1, { RescaleSlope: '1e308' })]));
    expect(failure.code).toBe('FILE_CORRUPT');
    expect(failure.details.file).toBe('pet-1.dcm');
  });

  it('stay as they are where that is asked for', () => {
    const { volume, unit } = readSeries([pet(0), pet(1)], { petValues: 'stored' });
    expect([volume.voxels[3], unit]).toEqual([4.5, 'BQML']);
  });

  it('count the time of the mean count rate to less than a microsecond', () => {
    // 10:30:10 less 10.0004 s, and half a second less what the decay within a second makes of it.
    const late = { SeriesTime: '120000', FrameReferenceTime: '10000.4', ActualFrameDuration: '1000' };
    const mean = 0.5 - Math.LN2 / halfLife / 24;
    expect(factorOf(late) / expected(3600 - 0.0004 + mean)).toBeCloseTo(1, 11);
  });

  it.each<[string, DicomFields, DicomFields]>([
    ['PatientWeight', { PatientWeight: '70' }, {}],
    ['DecayCorrection', { DecayCorrection: 'ADMIN' }, {}],
    ['SeriesTime', { SeriesTime: '102900' }, {}],
    ['CorrectedImage', { CorrectedImage: 'ATTN' }, {}],
    ['RadiopharmaceuticalInformationSequence', { RadiopharmaceuticalInformationSequence: [] }, {}],
    ['RadionuclideTotalDose', {}, { RadionuclideTotalDose: '3e8' }],
    ['RadiopharmaceuticalStartTime', {}, { RadiopharmaceuticalStartTime: '' }],
  ])('are refused where slices differ in %s', (field, changed, tracer) => {
    for (const slices of [
      [pet(0), pet(1), pet(2, changed, tracer)],
      [pet(0, changed, tracer), pet(1), pet(2)],
    ]) {
      const failure = failureOf(() => readSeries(slices));
      expect(failure.code).toBe('SUV_UNDEFINED');
      expect(failure.message).toContain(`slices differ in ${field}`);
      expect(failure.details.field).toBe(field);
    }
  });

  it.each<[string, DicomFields, DicomFields]>([
    ['Units', { Units: 'PROPCNTS' }, {}],
    ['Units', { Units: 'CNTS' }, {}],
    ['SUVType', { Units: 'GML', SUVType: 'LBM' }, {}],
    ['PatientWeight', { PatientWeight: '' }, {}],
    ['PatientWeight', { PatientWeight: '0' }, {}],
    ['CorrectedImage', { CorrectedImage: 'ATTN' }, {}],
    ['DecayCorrection', { DecayCorrection: 'NONE' }, {}],
    ['RadionuclideTotalDose', {}, { RadionuclideTotalDose: '0' }],
    ['RadionuclideHalfLife', {}, { RadionuclideHalfLife: '' }],
    ['RadiopharmaceuticalStartTime', {}, { RadiopharmaceuticalStartTime: '' }],
    ['RadiopharmaceuticalStartDateTime', {}, { RadiopharmaceuticalStartDateTime: '20200302000000' }],
    ['RadiopharmaceuticalInformationSequence', { RadiopharmaceuticalInformationSequence: [] }, {}],
    ['AcquisitionTime', { AcquisitionTime: '' }, {}],
  ])('are refused for %s: %o %o', (field, changed, tracer) => {
    const failure = failureOf(() => factorOf(changed, tracer));
    expect(failure.code).toBe('SUV_UNDEFINED');
    expect(failure.details).toMatchObject({ field, file: 'pet-0.dcm' });
  });
});
