import { crop } from '../imaging/crop.ts';
import {
  type Box,
  binaryPattern2DImage,
  binaryPattern3DImages,
  binaryPattern3DNames,
  exponentialImage,
  type FilteredImage,
  gradientImage,
  laplacianOfGaussianImages,
  laplacianOfGaussianName,
  logarithmImage,
  type SkippedImage,
  squareImage,
  squareRootImage,
  waveletImageNames,
  waveletImages,
} from '../imaging/filters/index.ts';
import type { Volume } from '../imaging/index.ts';
import { type Region, Stretches } from './region.ts';
import type { Settings } from './settings.ts';

/** PyRadiomics' image types. */
export const imageTypes = [
  'Original',
  'Wavelet',
  'LoG',
  'Square',
  'SquareRoot',
  'Logarithm',
  'Exponential',
  'Gradient',
  'LBP2D',
  'LBP3D',
] as const;

export type ImageType = (typeof imageTypes)[number];

/** The names of a type's images, in PyRadiomics' order: the first part of a feature's name. */
export function imageNames(type: ImageType, settings: Settings): string[] {
  switch (type) {
    case 'Wavelet':
      return waveletImageNames(waveletOptions(settings));
    case 'LoG':
      return [...new Set(settings.sigma)].map(laplacianOfGaussianName);
    case 'LBP2D':
      return ['lbp-2D'];
    case 'LBP3D':
      return binaryPattern3DNames(sphereOptions(settings));
    default:
      return [type.toLowerCase()];
  }
}

/**
 * The images of a type, cropped to the region's box, one after the other in the order of their computation. Filters see all of
 * `image`, but only what the region needs is computed. An image on which the filter is not defined comes without a volume. An
 * image is lost with the next step.
 */
export function* derivedImages(
  type: ImageType,
  image: Volume,
  region: Region,
  settings: Settings,
): Generator<FilteredImage | SkippedImage> {
  switch (type) {
    case 'Original':
      yield { name: 'original', volume: crop(image, region) };
      return;
    case 'Wavelet':
      yield* waveletImages(image, region, { ...waveletOptions(settings), reuse: true });
      return;
    case 'LoG':
      yield* laplacianOfGaussianImages(image, region, [...new Set(settings.sigma)], { reuse: true });
      return;
    case 'Gradient':
      yield gradientImage(image, region, { useSpacing: settings.gradientUseSpacing ?? true });
      return;
    case 'LBP2D':
      yield binaryPattern2DImage(image, region, {
        radius: settings.lbp2DRadius ?? 1,
        samples: settings.lbp2DSamples ?? 8,
        method: settings.lbp2DMethod ?? 'uniform',
        normal: 2 - settings.force2Ddimension,
      });
      return;
    case 'LBP3D':
      yield* binaryPattern3DImages(image, region, { ...sphereOptions(settings), within: withinBox(region) });
      return;
    default:
      yield pointImages[type](image, region);
  }
}

const pointImages: Readonly<Record<string, (image: Volume, box: Box) => FilteredImage | SkippedImage>> = {
  Square: squareImage,
  SquareRoot: squareRootImage,
  Logarithm: logarithmImage,
  Exponential: exponentialImage,
} satisfies Partial<Record<ImageType, unknown>>;

function waveletOptions(settings: Settings) {
  return {
    wavelet: settings.wavelet ?? 'coif1',
    level: settings.level ?? 1,
    startLevel: settings.start_level ?? 0,
    axes: [0, 1, 2].filter((axis) => !settings.force2D || axis !== 2 - settings.force2Ddimension),
  };
}

function sphereOptions(settings: Settings) {
  return {
    levels: settings.lbp3DLevels ?? 2,
    radius: settings.lbp3DIcosphereRadius ?? 1,
    subdivisions: settings.lbp3DIcosphereSubdivision ?? 1,
  };
}

/** 1 for the region's voxels in its box without the margin. */
function withinBox(region: Region): Uint8Array {
  const within = new Uint8Array(region.size[0] * region.size[1] * region.size[2]);
  const { voxels, margin, row, plane, size } = region;
  for (const at = new Stretches(voxels, row, plane); at.next(); ) {
    const first = at.x - margin + size[0] * (at.y - margin + size[1] * (at.z - margin));
    within.fill(1, first, first + at.to - at.from);
  }
  return within;
}
