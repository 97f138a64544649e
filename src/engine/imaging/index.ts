/** Volumes in space: readers for NIfTI and NRRD, a writer for NIfTI, and what makes an image and a mask fit each other. */
export { Failure } from '../failure.ts';
export { requireFinite } from './finite.ts';
export { indexToPoint, requireGeometry, voxelCount } from './geometry.ts';
export { type DecodedImage, type ImageFormat, type ReadImageOptions, readImage } from './image.ts';
export { maskLabels, requireLabels } from './mask.ts';
export { readNifti } from './nifti.ts';
export { readNrrd } from './nrrd.ts';
export { type GeometryComparison, type GeometryNames, requireSameGeometry } from './same-geometry.ts';
export type { Geometry, Inflate, Matrix3, ReadOptions, Vector3, Volume, VoxelArray } from './volume.ts';
export { writeNifti } from './write-nifti.ts';
