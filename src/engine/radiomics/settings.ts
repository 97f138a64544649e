/** Grey levels beyond this many are refused: a bin width that makes so many is a slip, and its matrices would be empty. */
export const maximumGrayLevels = 32_768;
/**
 * PyRadiomics' settings under its own names. Those it always reports have a value; the others are absent unless given.
 * Lengths are mm, `distances` and `padDistance` voxels, `force2Ddimension` 0, 1, 2 for z, y, x.
 */
export interface Settings {
  readonly minimumROIDimensions: number;
  readonly minimumROISize: number | null;
  readonly normalize: boolean;
  readonly normalizeScale: number;
  readonly removeOutliers: number | null;
  readonly resampledPixelSpacing: readonly number[] | null;
  readonly interpolator: string | number | null;
  readonly preCrop: boolean;
  readonly padDistance: number;
  readonly distances: readonly number[];
  readonly force2D: boolean;
  readonly force2Ddimension: number;
  readonly resegmentRange: readonly number[] | null;
  readonly label: number;
  readonly additionalInfo: boolean;
  readonly binWidth?: number;
  readonly binCount?: number;
  readonly voxelArrayShift?: number;
  readonly symmetricalGLCM?: boolean;
  readonly weightingNorm?: WeightingNorm;
  readonly gldm_a?: number;
  readonly resegmentMode?: 'absolute' | 'relative' | 'sigma';
  readonly resegmentShape?: boolean;
  readonly correctMask?: boolean;
  readonly label_channel?: number;
  readonly geometryTolerance?: number;
  readonly sigma?: readonly number[];
  readonly start_level?: number;
  readonly level?: number;
  readonly wavelet?: string;
  readonly gradientUseSpacing?: boolean;
  readonly lbp2DRadius?: number;
  readonly lbp2DSamples?: number;
  readonly lbp2DMethod?: 'default' | 'ror' | 'uniform' | 'var';
  readonly lbp3DLevels?: number;
  readonly lbp3DIcosphereRadius?: number;
  readonly lbp3DIcosphereSubdivision?: number;
  readonly kernelRadius?: number;
  readonly maskedKernel?: boolean;
  readonly initValue?: number | 'nan';
  readonly voxelBatch?: number;
  /** Not a setting of PyRadiomics: shape by the names and definitions of its version 2.0, from voxels rather than the mesh. */
  readonly voxelShape?: boolean;
}

export type WeightingNorm = 'infinity' | 'euclidean' | 'manhattan' | 'no_weighting';

/** What PyRadiomics' extractor sets where nothing is given, in the order in which it reports them. */
export const defaultSettings: Settings = {
  minimumROIDimensions: 2,
  minimumROISize: null,
  normalize: false,
  normalizeScale: 1,
  removeOutliers: null,
  resampledPixelSpacing: null,
  interpolator: 'sitkBSpline',
  preCrop: false,
  padDistance: 5,
  distances: [1],
  force2D: false,
  force2Ddimension: 0,
  resegmentRange: null,
  label: 1,
  additionalInfo: true,
};
