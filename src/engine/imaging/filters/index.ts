/** Filtered images: what PyRadiomics derives from an image, computed where a region of interest needs it. */
export type { Box, FilteredImage, SkippedImage } from './filtered-image.ts';
export { laplacianOfGaussianImages, laplacianOfGaussianName } from './laplacian-of-gaussian.ts';
export { exponentialImage, logarithmImage, squareImage, squareRootImage } from './point-images.ts';
