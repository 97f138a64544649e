import { Failure } from '../failure.ts';
import { resegment, type Volume } from '../imaging/index.ts';
import type { Warning } from '../warning.ts';
import {
  configurationDiagnostics,
  type Diagnostics,
  imageDiagnostics,
  maskHash,
  regionDiagnostics,
} from './diagnostics.ts';
import type { ExtractionOptions } from './extraction.ts';
import { labelledPositions } from './mask-positions.ts';
import { preprocess } from './preprocessing.ts';
import type { ExtractionProfile } from './profile.ts';
import { type Region, regionOf, valuesAt } from './region.ts';
import type { Settings } from './settings.ts';

/** What features are taken of. The mask is no part of it: of a large image it would take memory for nothing. */
export interface RegionOfInterest {
  /** On the grid that the profile asks for. */
  readonly image: Volume;
  /** As drawn, and what re-segmentation leaves of it. */
  readonly drawn: Region;
  readonly region: Region;
  readonly diagnostics: Diagnostics;
  readonly warnings: readonly Warning[];
}

/**
 * Finds the region of `setting.label` after PyRadiomics' preprocessing and re-segmentation. `version` is the extractor's, for the
 * diagnostics. Throws as `extractFeatures` does, but for too many grey levels.
 */
export function regionOfInterest(
  image: Volume,
  mask: Volume,
  setting: Settings,
  imageType: ExtractionProfile['imageType'],
  { names = { image: 'image', mask: 'mask' }, sha1 }: ExtractionOptions,
  version: string,
): RegionOfInterest {
  const prepared = preprocess(image, mask, setting, names);
  const margin = Math.max(
    ...setting.distances,
    ...Object.values(imageType).flatMap((own) => own?.distances ?? []),
  );
  const positions = labelledPositions(prepared.mask, setting.label, names.mask);
  const drawn = regionOf(prepared.image, positions, margin);
  requireExtent(drawn, setting, names.mask);
  const values = valuesAt(prepared.image.voxels, positions);
  const { resegmentRange, resegmentMode } = setting;
  const kept = resegmentRange && resegment(values, resegmentRange, resegmentMode);
  const region = kept
    ? regionOf(
        prepared.image,
        kept.map((n) => positions[n]),
        margin,
      )
    : drawn;
  requireExtent(region, setting, names.mask);

  let diagnostics: Diagnostics = {};
  if (setting.additionalInfo) {
    const { stage } = prepared;
    const asRead = stage === null && !setting.preCrop ? drawn : regionAsRead(mask, setting.label, names.mask);
    diagnostics = {
      ...configurationDiagnostics(version, setting, imageType),
      ...imageDiagnostics(image, sha1),
      ...maskHash(mask, sha1),
      ...regionDiagnostics('original', mask, asRead),
      ...(stage === 'interpolated' ? imageDiagnostics(prepared.image, undefined, stage) : {}),
      ...(stage === null ? {} : regionDiagnostics(stage, prepared.mask, drawn, values)),
      ...(kept
        ? regionDiagnostics(
            'resegmented',
            prepared.mask,
            region,
            Float64Array.from(kept, (n) => values[n]),
          )
        : {}),
    };
  }
  return { image: prepared.image, drawn, region, diagnostics, warnings: prepared.warnings };
}

/** The region on the mask as it was read, for the diagnostics. */
function regionAsRead(mask: Volume, label: number, name: string): Region {
  return regionOf(mask, labelledPositions(mask, label, name), 1);
}

function requireExtent(region: Region, settings: Settings, name: string): void {
  const { minimumROIDimensions, minimumROISize, label } = settings;
  const voxels = region.voxels.length;
  const dimensions = region.size.filter((length) => length > 1).length;
  const facts = { mask: name, label, voxels, dimensions };
  if (dimensions === 0) {
    throw new Failure('ROI_TOO_SMALL', `The region of label ${label} in ${name} is a single voxel.`, facts);
  }
  if (dimensions < minimumROIDimensions) {
    throw new Failure(
      'ROI_TOO_SMALL',
      `The region of label ${label} in ${name} extends along ${dimensions} of the axes, but minimumROIDimensions asks for ${minimumROIDimensions}.`,
      { ...facts, minimumROIDimensions },
    );
  }
  if (minimumROISize !== null && voxels <= minimumROISize) {
    throw new Failure(
      'ROI_TOO_SMALL',
      `The region of label ${label} in ${name} has ${voxels} voxels, but minimumROISize asks for more than ${minimumROISize}.`,
      { ...facts, minimumROISize },
    );
  }
}
