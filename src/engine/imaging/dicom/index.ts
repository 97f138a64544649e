/** DICOM: files, CT, MR and PET series as volumes, structure sets and segmentations as masks, de-identification. */
export { contourMask, type RoiMask } from './contour-mask.ts';
export { type DataSet, type Element, text } from './data-set.ts';
export {
  type CodedConcept,
  type Deidentified,
  type DeidentifyOptions,
  deidentify,
} from './deidentify.ts';
export { type Digest, newUid } from './dummy-value.ts';
export { type DicomFile, isDicom, type ParseDicomOptions, parseDicom } from './parse-dicom.ts';
export type { CompressedFrame, DecodeFrame } from './pixel-data.ts';
export { type ContrastPhase, type ScanAttributes, scanAttributes } from './scan-attributes.ts';
export {
  readSegmentation,
  type Segmentation,
  type SegmentMaskOptions,
  segmentMask,
} from './segmentation.ts';
export { type DicomSeries, type ReadSeriesOptions, readSeries, type SeriesSlice } from './series.ts';
export { readStructureSet, type StructureSet, type StructureSetRoi } from './structure-set.ts';
export type { TransferSyntax } from './transfer-syntax.ts';
