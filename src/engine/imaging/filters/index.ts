/** Filtered images: what PyRadiomics derives from an image, computed where a region of interest needs it. */

export type { Box } from '../label-box.ts';
export { type BinaryPattern2DOptions, binaryPattern2DImage } from './binary-pattern-2d.ts';
export {
  type BinaryPattern3DOptions,
  binaryPattern3DImages,
  binaryPattern3DNames,
} from './binary-pattern-3d.ts';
export type { FilteredImage, SkippedImage } from './filtered-image.ts';
export { type GradientOptions, gradientImage } from './gradient-image.ts';
export { laplacianOfGaussianImages, laplacianOfGaussianName } from './laplacian-of-gaussian.ts';
export { exponentialImage, logarithmImage, squareImage, squareRootImage } from './point-images.ts';
export { waveletNames } from './wavelet-filters.ts';
export { type WaveletOptions, waveletImageNames, waveletImages } from './wavelet-images.ts';
