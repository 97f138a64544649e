import { type ExtractionProfile, parseProfile } from './profile.ts';

/** The original image, five scales of the Laplacian of Gaussian, eight wavelet bands. */
const fourteenImages = { Original: {}, LoG: { sigma: [1, 2, 3, 4, 5] }, Wavelet: {} };

/** PyRadiomics' example for CT: 1 mm, intensities above −1000 HU. */
const computedTomography = {
  interpolator: 'sitkBSpline',
  resampledPixelSpacing: [1, 1, 1],
  padDistance: 10,
  binWidth: 25,
  voxelArrayShift: 1000,
  label: 1,
};

/**
 * PyRadiomics' parameters of the profiles that have a name of their own. What is stored under a name never changes, so neither do
 * these.
 *
 * - `pyradiomics-default`: the 107 features that PyRadiomics computes where it is given none (the original image, all classes,
 *   bin width 25).
 * - `pyradiomics-14-images`: those of 14 images, 1,316 features, on the image's own grid.
 * - `ak-1217`: 13 features of shape and 86 of each of the 14 images, by the names, the order and the settings of PyRadiomics 2.0's
 *   example for CT, which gives as many as GE's Analysis Kit (that they are the same is inferred from the number). Shape is
 *   defined as it was then, the rest as in PyRadiomics 3.
 */
export const builtInParameters: Readonly<Record<string, object>> = {
  'pyradiomics-default': {},
  'pyradiomics-14-images': { imageType: fourteenImages },
  'ak-1217': {
    setting: { ...computedTomography, voxelShape: true },
    imageType: fourteenImages,
    featureClass: {
      shape: null,
      firstorder: [
        '10Percentile',
        '90Percentile',
        'Energy',
        'Entropy',
        'InterquartileRange',
        'Kurtosis',
        'Maximum',
        'Mean',
        'MeanAbsoluteDeviation',
        'Median',
        'Minimum',
        'Range',
        'RobustMeanAbsoluteDeviation',
        'RootMeanSquared',
        'Skewness',
        'TotalEnergy',
        'Uniformity',
        'Variance',
      ],
      glcm: [
        'Autocorrelation',
        'ClusterProminence',
        'ClusterShade',
        'ClusterTendency',
        'Contrast',
        'Correlation',
        'DifferenceAverage',
        'DifferenceEntropy',
        'DifferenceVariance',
        'Id',
        'Idm',
        'Idmn',
        'Idn',
        'Imc1',
        'Imc2',
        'InverseVariance',
        'JointAverage',
        'JointEnergy',
        'JointEntropy',
        'MaximumProbability',
        'SumEntropy',
        'SumSquares',
      ],
      glrlm: null,
      glszm: null,
      gldm: null,
    },
  },
};

/** The profiles that have a name of their own. */
export const profiles: Readonly<Record<string, ExtractionProfile>> = Object.fromEntries(
  Object.entries(builtInParameters).map(([name, parameters]) => [name, parseProfile(parameters, name)]),
);
