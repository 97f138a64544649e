/**
 * The feature classes and the names of their features, as PyRadiomics 3 spells them and in the order in which it gives
 * them (the order of its method names). PyRadiomics computes deprecated features only where they are asked for by name.
 */
export const featureClasses = {
  firstorder: [
    '10Percentile',
    '90Percentile',
    'Energy',
    'Entropy',
    'InterquartileRange',
    'Kurtosis',
    'Maximum',
    'MeanAbsoluteDeviation',
    'Mean',
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
    'MCC',
    'MaximumProbability',
    'SumAverage',
    'SumEntropy',
    'SumSquares',
  ],
  gldm: [
    'DependenceEntropy',
    'DependenceNonUniformity',
    'DependenceNonUniformityNormalized',
    'DependenceVariance',
    'GrayLevelNonUniformity',
    'GrayLevelVariance',
    'HighGrayLevelEmphasis',
    'LargeDependenceEmphasis',
    'LargeDependenceHighGrayLevelEmphasis',
    'LargeDependenceLowGrayLevelEmphasis',
    'LowGrayLevelEmphasis',
    'SmallDependenceEmphasis',
    'SmallDependenceHighGrayLevelEmphasis',
    'SmallDependenceLowGrayLevelEmphasis',
  ],
  glrlm: [
    'GrayLevelNonUniformity',
    'GrayLevelNonUniformityNormalized',
    'GrayLevelVariance',
    'HighGrayLevelRunEmphasis',
    'LongRunEmphasis',
    'LongRunHighGrayLevelEmphasis',
    'LongRunLowGrayLevelEmphasis',
    'LowGrayLevelRunEmphasis',
    'RunEntropy',
    'RunLengthNonUniformity',
    'RunLengthNonUniformityNormalized',
    'RunPercentage',
    'RunVariance',
    'ShortRunEmphasis',
    'ShortRunHighGrayLevelEmphasis',
    'ShortRunLowGrayLevelEmphasis',
  ],
  glszm: [
    'GrayLevelNonUniformity',
    'GrayLevelNonUniformityNormalized',
    'GrayLevelVariance',
    'HighGrayLevelZoneEmphasis',
    'LargeAreaEmphasis',
    'LargeAreaHighGrayLevelEmphasis',
    'LargeAreaLowGrayLevelEmphasis',
    'LowGrayLevelZoneEmphasis',
    'SizeZoneNonUniformity',
    'SizeZoneNonUniformityNormalized',
    'SmallAreaEmphasis',
    'SmallAreaHighGrayLevelEmphasis',
    'SmallAreaLowGrayLevelEmphasis',
    'ZoneEntropy',
    'ZonePercentage',
    'ZoneVariance',
  ],
  ngtdm: ['Busyness', 'Coarseness', 'Complexity', 'Contrast', 'Strength'],
  shape: [
    'Elongation',
    'Flatness',
    'LeastAxisLength',
    'MajorAxisLength',
    'Maximum2DDiameterColumn',
    'Maximum2DDiameterRow',
    'Maximum2DDiameterSlice',
    'Maximum3DDiameter',
    'MeshVolume',
    'MinorAxisLength',
    'Sphericity',
    'SurfaceArea',
    'SurfaceVolumeRatio',
    'VoxelVolume',
  ],
  shape2D: [
    'Elongation',
    'MajorAxisLength',
    'MaximumDiameter',
    'MeshSurface',
    'MinorAxisLength',
    'Perimeter',
    'PerimeterSurfaceRatio',
    'PixelSurface',
    'Sphericity',
  ],
} as const;

/** The features of shape by voxels (`voxelShape`), as PyRadiomics 2.0 spells and orders them. */
export const voxelShapeFeatures = [
  'Elongation',
  'Flatness',
  'LeastAxis',
  'MajorAxis',
  'Maximum2DDiameterColumn',
  'Maximum2DDiameterRow',
  'Maximum2DDiameterSlice',
  'Maximum3DDiameter',
  'MinorAxis',
  'Sphericity',
  'SurfaceArea',
  'SurfaceVolumeRatio',
  'Volume',
] as const;

export type FeatureClass = keyof typeof featureClasses;

/** Features that PyRadiomics deprecates but still computes where they are named. */
export const deprecatedFeatures = {
  firstorder: ['StandardDeviation'],
  glcm: [],
  gldm: [],
  glrlm: [],
  glszm: [],
  ngtdm: [],
  shape: ['Compactness1', 'Compactness2', 'SphericalDisproportion'],
  shape2D: ['SphericalDisproportion'],
} as const satisfies Record<FeatureClass, readonly string[]>;

/** Names that PyRadiomics still knows but no longer computes, and the feature that says the same. */
export const removedFeatures: Partial<Record<FeatureClass, Readonly<Record<string, string>>>> = {
  glcm: {
    Dissimilarity: 'glcm DifferenceAverage',
    Homogeneity1: 'glcm Id',
    Homogeneity2: 'glcm Idm',
    SumVariance: 'glcm ClusterTendency',
  },
  gldm: {
    DependencePercentage: 'the constant 1',
    GrayLevelNonUniformityNormalized: 'firstorder Uniformity',
  },
};

/** A feature of a class, deprecated ones included, e.g. `FeatureOf<'glcm'>`. */
export type FeatureOf<C extends FeatureClass> =
  | (typeof featureClasses)[C][number]
  | (typeof deprecatedFeatures)[C][number];

/** The values of one class on one region of interest; NaN where a feature is undefined on it. */
export type FeatureValues<C extends FeatureClass> = Record<FeatureOf<C>, number>;

/** The classes of an extraction that names none, in PyRadiomics' order (it computes shape first). */
export const defaultFeatureClasses = [
  'shape',
  'firstorder',
  'glcm',
  'gldm',
  'glrlm',
  'glszm',
  'ngtdm',
] as const satisfies readonly FeatureClass[];
