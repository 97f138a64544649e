import { type DicomFile, parseDicom } from '../../src/engine/imaging/dicom/parse-dicom.ts';
import { inflateRaw } from '../../src/store/dicom-files.ts';
import { type DicomCoding, type DicomFields, dicomBytes } from './dicom-bytes.ts';

export { inflateRaw };

export const size = [5, 4] as const;

/** A valid CT slice of 5 × 4 voxels of 2 × 1.5 mm, the `k`th of a series 3 mm apart; voxel n of slice k is 100 k + n. */
export function ctFields(k: number, fields: DicomFields = {}): DicomFields {
  const values = new Int16Array(size[0] * size[1]).map((_, n) => 100 * k + n);
  return {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    SOPInstanceUID: `1.2.3.${k}`,
    Modality: 'CT',
    StudyInstanceUID: '1.2',
    SeriesInstanceUID: '1.2.3',
    FrameOfReferenceUID: '1.9',
    SliceThickness: '3',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: size[1],
    Columns: size[0],
    PixelSpacing: '1.5\\2',
    ImagePositionPatient: `-10\\20\\${30 + 3 * k}`,
    ImageOrientationPatient: '1\\0\\0\\0\\1\\0',
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    RescaleIntercept: '0',
    RescaleSlope: '1',
    PixelData: new Uint8Array(values.buffer),
    ...fields,
  };
}

export function dicomFile(fields: DicomFields, name = 'a.dcm', coding: DicomCoding = {}): DicomFile {
  return parseDicom(dicomBytes(fields, coding), { fileName: name, inflateRaw });
}

/** `count` slices of `ctFields`, named `slice-0.dcm` and on, with what `change` gives in place of theirs. */
export function ctFiles(count: number, change: (k: number) => DicomFields = () => ({})): DicomFile[] {
  return Array.from({ length: count }, (_, k) => dicomFile(ctFields(k, change(k)), `slice-${k}.dcm`));
}
