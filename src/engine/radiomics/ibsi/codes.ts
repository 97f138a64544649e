import type { FeatureClass, FeatureOf } from '../features.ts';
import { families, type IbsiFamily, ibsiFeatures } from './catalogue.ts';

type Counterparts = { readonly [C in FeatureClass]: { readonly [F in FeatureOf<C>]?: string } };

/**
 * The IBSI feature that each of PyRadiomics' features is meant to be, by its tag without aggregation. Those left out have none: the
 * maximum diameters in planes, total energy, standard deviation, the maximal correlation coefficient and shape in a slice.
 */
const counterparts: Counterparts = {
  firstorder: {
    '10Percentile': 'stat_p10',
    '90Percentile': 'stat_p90',
    Energy: 'stat_energy',
    Entropy: 'ih_entropy',
    InterquartileRange: 'stat_iqr',
    Kurtosis: 'stat_kurt',
    Maximum: 'stat_max',
    Mean: 'stat_mean',
    MeanAbsoluteDeviation: 'stat_mad',
    Median: 'stat_median',
    Minimum: 'stat_min',
    Range: 'stat_range',
    RobustMeanAbsoluteDeviation: 'stat_rmad',
    RootMeanSquared: 'stat_rms',
    Skewness: 'stat_skew',
    Uniformity: 'ih_uniformity',
    Variance: 'stat_var',
  },
  glcm: {
    Autocorrelation: 'cm_auto_corr',
    ClusterProminence: 'cm_clust_prom',
    ClusterShade: 'cm_clust_shade',
    ClusterTendency: 'cm_clust_tend',
    Contrast: 'cm_contrast',
    Correlation: 'cm_corr',
    DifferenceAverage: 'cm_diff_avg',
    DifferenceEntropy: 'cm_diff_entr',
    DifferenceVariance: 'cm_diff_var',
    Id: 'cm_inv_diff',
    Idm: 'cm_inv_diff_mom',
    Idmn: 'cm_inv_diff_mom_norm',
    Idn: 'cm_inv_diff_norm',
    Imc1: 'cm_info_corr1',
    Imc2: 'cm_info_corr2',
    InverseVariance: 'cm_inv_var',
    JointAverage: 'cm_joint_avg',
    JointEnergy: 'cm_energy',
    JointEntropy: 'cm_joint_entr',
    MaximumProbability: 'cm_joint_max',
    SumAverage: 'cm_sum_avg',
    SumEntropy: 'cm_sum_entr',
    SumSquares: 'cm_joint_var',
  },
  gldm: {
    DependenceEntropy: 'ngl_dc_entr',
    DependenceNonUniformity: 'ngl_dcnu',
    DependenceNonUniformityNormalized: 'ngl_dcnu_norm',
    DependenceVariance: 'ngl_dc_var',
    GrayLevelNonUniformity: 'ngl_glnu',
    GrayLevelVariance: 'ngl_gl_var',
    HighGrayLevelEmphasis: 'ngl_hgce',
    LargeDependenceEmphasis: 'ngl_hde',
    LargeDependenceHighGrayLevelEmphasis: 'ngl_hdhge',
    LargeDependenceLowGrayLevelEmphasis: 'ngl_hdlge',
    LowGrayLevelEmphasis: 'ngl_lgce',
    SmallDependenceEmphasis: 'ngl_lde',
    SmallDependenceHighGrayLevelEmphasis: 'ngl_ldhge',
    SmallDependenceLowGrayLevelEmphasis: 'ngl_ldlge',
  },
  glrlm: {
    GrayLevelNonUniformity: 'rlm_glnu',
    GrayLevelNonUniformityNormalized: 'rlm_glnu_norm',
    GrayLevelVariance: 'rlm_gl_var',
    HighGrayLevelRunEmphasis: 'rlm_hgre',
    LongRunEmphasis: 'rlm_lre',
    LongRunHighGrayLevelEmphasis: 'rlm_lrhge',
    LongRunLowGrayLevelEmphasis: 'rlm_lrlge',
    LowGrayLevelRunEmphasis: 'rlm_lgre',
    RunEntropy: 'rlm_rl_entr',
    RunLengthNonUniformity: 'rlm_rlnu',
    RunLengthNonUniformityNormalized: 'rlm_rlnu_norm',
    RunPercentage: 'rlm_r_perc',
    RunVariance: 'rlm_rl_var',
    ShortRunEmphasis: 'rlm_sre',
    ShortRunHighGrayLevelEmphasis: 'rlm_srhge',
    ShortRunLowGrayLevelEmphasis: 'rlm_srlge',
  },
  glszm: {
    GrayLevelNonUniformity: 'szm_glnu',
    GrayLevelNonUniformityNormalized: 'szm_glnu_norm',
    GrayLevelVariance: 'szm_gl_var',
    HighGrayLevelZoneEmphasis: 'szm_hgze',
    LargeAreaEmphasis: 'szm_lze',
    LargeAreaHighGrayLevelEmphasis: 'szm_lzhge',
    LargeAreaLowGrayLevelEmphasis: 'szm_lzlge',
    LowGrayLevelZoneEmphasis: 'szm_lgze',
    SizeZoneNonUniformity: 'szm_zsnu',
    SizeZoneNonUniformityNormalized: 'szm_zsnu_norm',
    SmallAreaEmphasis: 'szm_sze',
    SmallAreaHighGrayLevelEmphasis: 'szm_szhge',
    SmallAreaLowGrayLevelEmphasis: 'szm_szlge',
    ZoneEntropy: 'szm_zs_entr',
    ZonePercentage: 'szm_z_perc',
    ZoneVariance: 'szm_zs_var',
  },
  ngtdm: {
    Busyness: 'ngt_busyness',
    Coarseness: 'ngt_coarseness',
    Complexity: 'ngt_complexity',
    Contrast: 'ngt_contrast',
    Strength: 'ngt_strength',
  },
  shape: {
    Compactness1: 'morph_comp_1',
    Compactness2: 'morph_comp_2',
    Elongation: 'morph_pca_elongation',
    Flatness: 'morph_pca_flatness',
    LeastAxisLength: 'morph_pca_least_axis',
    MajorAxisLength: 'morph_pca_maj_axis',
    Maximum3DDiameter: 'morph_diam',
    MeshVolume: 'morph_volume',
    MinorAxisLength: 'morph_pca_min_axis',
    SphericalDisproportion: 'morph_sph_dispr',
    Sphericity: 'morph_sphericity',
    SurfaceArea: 'morph_area_mesh',
    SurfaceVolumeRatio: 'morph_av',
    VoxelVolume: 'morph_vol_approx',
  },
  shape2D: {},
};

/** A PyRadiomics feature's name, e.g. `wavelet-HLL_glcm_JointEntropy`, in its parts; null where it is none. */
export function partsOfName(
  name: string,
): { image: string; featureClass: FeatureClass; feature: string } | null {
  const [, image, featureClass, feature] = /^([^_]+)_([^_]+)_([^_]+)$/.exec(name) ?? [];
  return featureClass !== undefined && Object.hasOwn(counterparts, featureClass)
    ? { image, featureClass: featureClass as FeatureClass, feature }
    : null;
}

const codes: ReadonlyMap<string, string> = new Map(
  (Object.keys(families) as IbsiFamily[]).flatMap((family) =>
    Object.entries<readonly string[]>(families[family].features).map(([tag, [code]]): [string, string] => [
      tag,
      code,
    ]),
  ),
);
const ownCodes: ReadonlyMap<string, string> = new Map(
  ibsiFeatures(['2D', '2.5D', '3D']).map(({ name, code }) => [name, code]),
);

/**
 * IBSI's four-character code of a feature by its name, PyRadiomics' (`original_glcm_JointEntropy`: `TU9B`, of filtered images alike)
 * or IBSI's own (`cm_joint_entr_3D_avg`); null where IBSI has no such feature. That a feature has a code says what it is meant to
 * be; whether its value is IBSI's, `ibsiConformance` says.
 */
export function ibsiCode(featureName: string): string | null {
  const parts = partsOfName(featureName);
  if (parts === null) {
    return ownCodes.get(featureName) ?? null;
  }
  const features: Readonly<Record<string, string | undefined>> = counterparts[parts.featureClass];
  const tag = Object.hasOwn(features, parts.feature) ? features[parts.feature] : undefined;
  return tag === undefined ? null : (codes.get(tag) ?? null);
}
