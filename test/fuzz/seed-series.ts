import { random } from '../../src/engine/statistics/random.ts';
import { type DicomFields, dicomBytes } from '../support/dicom-bytes.ts';
import { zipBytes } from './zip-bytes.ts';

/** The sound series: axial CT of 16-bit signed voxels, oblique MR of 12-bit unsigned ones with a slope, axial PET in Bq/ml. */
export type SeriesName = 'CT' | 'MR' | 'PET';

export interface SeriesGrid {
  readonly size: readonly [number, number, number];
  readonly spacing: readonly [number, number, number];
  readonly origin: readonly [number, number, number];
  /** Unit vectors along rows, along columns, and from slice to slice. */
  readonly axes: readonly (readonly [number, number, number])[];
}

const axial: SeriesGrid = {
  size: [8, 7, 5],
  spacing: [2, 1.5, 3],
  origin: [-10, 20, 30],
  axes: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
};
const oblique: SeriesGrid = {
  ...axial,
  axes: [
    [0.6, 0.8, 0],
    [0, 0, -1],
    [-0.8, 0.6, 0],
  ],
};

export const grids: Readonly<Record<SeriesName, SeriesGrid>> = { CT: axial, MR: oblique, PET: axial };

/** Where a place on the grid lies in the patient, in mm as a file says it. */
export function patientPosition({ spacing, origin, axes }: SeriesGrid, index: readonly number[]): number[] {
  return [0, 1, 2].map((row) => {
    const along = index.map((n, axis) => n * spacing[axis] * axes[axis][row]);
    return Number((origin[row] + along[0] + along[1] + along[2]).toFixed(6));
  });
}

export const orientation = ({ axes }: SeriesGrid) => [...axes[0], ...axes[1]].join('\\');

/** What is stored of slice k. */
export function storedValues(k: number, series: SeriesName): Int16Array {
  const draw = random(k, 'slice');
  const least = series === 'CT' ? -100 : 0;
  return Int16Array.from(
    { length: axial.size[0] * axial.size[1] },
    () => Math.round(400 * draw.uniform()) + least,
  );
}

const ofSeries: Readonly<Record<SeriesName, (k: number) => DicomFields>> = {
  CT: () => ({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    Modality: 'CT',
    RescaleIntercept: '-24',
    RescaleSlope: '1',
  }),
  MR: () => ({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
    Modality: 'MR',
    RescaleIntercept: '-0.5',
    RescaleSlope: '1.25',
    ...{ BitsStored: 12, HighBit: 11, PixelRepresentation: 0 },
    ...{ RepetitionTime: '2000', EchoTime: '90', MagneticFieldStrength: '3' },
  }),
  PET: (k) => ({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.128',
    Modality: 'PT',
    RescaleIntercept: '0',
    RescaleSlope: String(k + 2.5),
    Units: 'BQML',
    DecayCorrection: 'START',
    CorrectedImage: 'DECY\\ATTN\\SCAT',
    PatientWeight: '80',
    SeriesDate: '20200301',
    SeriesTime: '103000',
    AcquisitionDate: '20200301',
    AcquisitionTime: `1030${20 + k}`,
    FrameReferenceTime: '60000',
    ActualFrameDuration: '120000',
    RadiopharmaceuticalInformationSequence: [
      {
        RadiopharmaceuticalStartTime: '093000',
        RadionuclideTotalDose: '400000000',
        RadionuclideHalfLife: '6586.2',
      },
    ],
  }),
};

export const common = { StudyInstanceUID: '1.2', FrameOfReferenceUID: '1.9' };

/** The elements of a sound slice, the kth of its series. */
export function sliceFields(k: number, series: SeriesName = 'CT'): DicomFields {
  const grid = grids[series];
  return {
    ...common,
    SOPInstanceUID: `1.2.3.${k + 10}`,
    SeriesInstanceUID: '1.2.3',
    SliceThickness: '3',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: grid.size[1],
    Columns: grid.size[0],
    PixelSpacing: `${grid.spacing[1]}\\${grid.spacing[0]}`,
    ImagePositionPatient: patientPosition(grid, [0, 0, k]).join('\\'),
    ImageOrientationPatient: orientation(grid),
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    PixelData: new Uint8Array(storedValues(k, series).buffer),
    ...ofSeries[series](k),
  };
}

const filesOf = (series: SeriesName): readonly Uint8Array[] =>
  Array.from({ length: grids[series].size[2] }, (_, k) => dicomBytes(sliceFields(k, series)));

/** The sound slices, in order. */
export const soundSeries: Readonly<Record<SeriesName, readonly Uint8Array[]>> = {
  CT: filesOf('CT'),
  MR: filesOf('MR'),
  PET: filesOf('PET'),
};

/** A sound series as a ZIP archive, with what lies beside it. */
export function seriesArchive(
  series: SeriesName = 'CT',
  beside: readonly { readonly name: string; readonly bytes: Uint8Array }[] = [],
): Uint8Array {
  return zipBytes([...soundSeries[series].map((bytes, k) => ({ name: `${k}.dcm`, bytes })), ...beside]);
}
