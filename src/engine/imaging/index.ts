/** Volumes in space: readers for NIfTI, NRRD and DICOM, a writer for NIfTI, and what makes an image and a mask fit each other. */
export { Failure } from '../failure.ts';
export { cropToLabel } from './crop.ts';
export { contourMask, type RoiMask } from './dicom/contour-mask.ts';
export type { DataSet, Element } from './dicom/data-set.ts';
export {
  type CodedConcept,
  type Deidentified,
  type DeidentifyOptions,
  deidentify,
} from './dicom/deidentify.ts';
export { type DicomFile, isDicom, type ParseDicomOptions, parseDicom } from './dicom/parse-dicom.ts';
export type { CompressedFrame, DecodeFrame } from './dicom/pixel-data.ts';
export { type ContrastPhase, type ScanAttributes, scanAttributes } from './dicom/scan-attributes.ts';
export {
  readSegmentation,
  type Segmentation,
  type SegmentMaskOptions,
  segmentMask,
} from './dicom/segmentation.ts';
export { type DicomSeries, type ReadSeriesOptions, readSeries, type SeriesSlice } from './dicom/series.ts';
export { readStructureSet, type StructureSet, type StructureSetRoi } from './dicom/structure-set.ts';
export { requireFinite } from './finite.ts';
export { indexToPoint, requireGeometry, voxelCount } from './geometry.ts';
export { type DecodedImage, type ImageFormat, type ReadImageOptions, readImage } from './image.ts';
export { type Box, labelBox } from './label-box.ts';
export { largestSection } from './largest-section.ts';
export { maskLabels, requireLabels } from './mask.ts';
export { readNifti } from './nifti.ts';
export { type NormalisationOptions, normalise } from './normalisation.ts';
export { readNrrd } from './nrrd.ts';
export { type CentredResamplingOptions, resampleFromCentre } from './resampling/from-centre.ts';
export { resampleFromCorner } from './resampling/from-corner.ts';
export {
  type ImageAndMask,
  type Interpolation,
  interpolationOf,
  type ResamplingOptions,
} from './resampling/interpolation.ts';
export { correctMask } from './resampling/mask-correction.ts';
export {
  type IbsiResegmentation,
  type ResegmentMode,
  resegment,
  resegmentIbsi,
} from './resegmentation.ts';
export { type GeometryComparison, type GeometryNames, requireSameGeometry } from './same-geometry.ts';
export type { Geometry, Inflate, Matrix3, ReadOptions, Vector3, Volume, VoxelArray } from './volume.ts';
export { writeNifti } from './write-nifti.ts';
