import {
  correctMask,
  cropToLabel,
  type GeometryNames,
  type ImageAndMask,
  interpolationOf,
  normalise,
  requireFinite,
  requireLabels,
  requireSameGeometry,
  resampleFromCorner,
  type Vector3,
  type Volume,
} from '../imaging/index.ts';
import type { Warning } from '../warning.ts';
import type { Settings } from './settings.ts';

/** An image and its mask on the grid that features are taken on. */
export interface Preprocessed extends ImageAndMask {
  /** What PyRadiomics calls the grid among its diagnostics, where that is not the original's. */
  readonly stage: 'interpolated' | 'corrected' | null;
  readonly warnings: readonly Warning[];
}

/**
 * What PyRadiomics does to image and mask before it looks at the region: `normalize` over the whole image; then either resampling
 * (`resampledPixelSpacing`, unless `interpolator` is none) cut to the region and `padDistance`, or `preCrop`. The mask must lie on the
 * image's grid, unless `correctMask` moves it there or both are resampled.
 *
 * Throws `MASK_…_MISMATCH`, `IMAGE_NOT_FINITE`, `MASK_INVALID`, and what `normalise`, `resampleFromCorner`, `cropToLabel`, and `correctMask` do.
 */
export function preprocess(
  image: Volume,
  mask: Volume,
  setting: Settings,
  names: GeometryNames,
): Preprocessed {
  const { label, padDistance, geometryTolerance } = setting;
  const spacing = setting.interpolator === null ? null : setting.resampledPixelSpacing;
  const warnings: Warning[] = [];
  if (spacing === null && setting.correctMask !== true) {
    const comparison = geometryTolerance === undefined ? {} : { geometryTolerance };
    warnings.push(...requireSameGeometry(image, mask, names, comparison));
  }
  requireFinite(image, names.image);
  requireLabels(mask, names.mask);
  const normalised = setting.normalize
    ? normalise(image, {
        scale: setting.normalizeScale,
        removeOutliers: setting.removeOutliers,
        name: names.image,
      })
    : image;
  if (spacing !== null) {
    const resampled = resampleFromCorner(normalised, mask, {
      spacing: spacing as unknown as Vector3,
      interpolation: interpolationOf(setting.interpolator ?? 'sitkBSpline') ?? 'cubic',
      label,
      padDistance,
      names,
    });
    return { ...resampled, stage: 'interpolated', warnings };
  }
  const onGrid = setting.correctMask === true ? correctMask(normalised, mask, label, names) : mask;
  const stage = onGrid === mask ? null : 'corrected';
  if (setting.preCrop) {
    return { ...cropToLabel(normalised, onGrid, label, padDistance, names), stage, warnings };
  }
  return { image: normalised, mask: onGrid, stage, warnings };
}
