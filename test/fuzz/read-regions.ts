import { Failure } from '../../src/engine/failure.ts';
import {
  contourMask,
  type DecodeFrame,
  type DicomFile,
  type DicomSeries,
  readSegmentation,
  readStructureSet,
  segmentMask,
} from '../../src/engine/imaging/dicom/index.ts';
import type { Volume } from '../../src/engine/imaging/index.ts';
import { regionNumbers, segmentNumbers } from './seed-annotations.ts';

/** What is drawn on a series: the mask of each region or segment of the seed, or the failure that it ends in. */
export function readRegions(
  role: 'contours' | 'segments',
  series: DicomSeries,
  file: DicomFile,
  decodeFrame: DecodeFrame,
): ReadonlyMap<number, Volume | Failure> {
  const masks = maskReader(role, series, file, decodeFrame);
  const numbers = role === 'contours' ? regionNumbers : segmentNumbers;
  return new Map(
    numbers.map((number): [number, Volume | Failure] => {
      try {
        return [number, masks(number)];
      } catch (error) {
        if (error instanceof Failure) return [number, error];
        throw error;
      }
    }),
  );
}

function maskReader(
  role: 'contours' | 'segments',
  series: DicomSeries,
  file: DicomFile,
  decodeFrame: DecodeFrame,
): (number: number) => Volume {
  if (role === 'contours') {
    const structureSet = readStructureSet(file);
    return (number) => contourMask(series, structureSet, number).mask;
  }
  const segmentation = readSegmentation(file);
  return (number) => segmentMask(series, segmentation, number, { threshold: 0.5, decodeFrame });
}
