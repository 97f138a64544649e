import type { Geometry, Vector3, Volume } from '../engine/imaging/volume.ts';
import type { Random } from '../engine/statistics/random.ts';
import { contrasts, type Modality, modalities, type Phase, phases } from './appearance.ts';
import type { Latents } from './latents.ts';
import { depthField, type LesionShape, moved } from './lesion-shape.ts';
import { delineate, type Reading } from './reader.ts';
import { render } from './render.ts';
import type { Tumour } from './tumour.ts';

/** The delineation of one reader in one session. */
export interface SyntheticRoi extends Reading {
  /** Draws the mask anew at each call: 1 in the lesion, 0 elsewhere, on its image's grid. */
  mask(): Volume<Uint8Array>;
}

export interface SyntheticScan {
  readonly modality: Modality;
  readonly phase: Phase;
  /** Renders the image anew at each call. */
  image(): Volume<Int16Array>;
  /** The lesion as it is, which no reader draws quite so. */
  truth(): Volume<Uint8Array>;
  readonly rois: readonly SyntheticRoi[];
}

/** Random numbers for a purpose: the same for the same seed and names, and independent of all others. */
export type Streams = (...names: readonly (string | number)[]) => Random;

/** The six scans of a patient, three phases in CT and in MR, each drawn when it is asked for. */
export function synthesiseScans(
  latents: Latents,
  tumour: Tumour,
  readings: readonly Reading[],
  streams: Streams,
): SyntheticScan[] {
  return modalities.flatMap((modality) => {
    const geometry = place(modality, tumour.shape, latents.diameter, streams(modality, 'geometry'));
    return phases.map((phase): SyntheticScan => {
      const breath = drawBreath(streams(modality, phase, 'breath'));
      const shape = moved(tumour.shape, breath);
      return {
        modality,
        phase,
        image: () => ({
          ...geometry,
          voxels: render({
            geometry,
            tumour,
            breath,
            contrast: contrasts[modality],
            phase,
            texture: modality === 'CT' ? latents.ctTexture : latents.mrTexture,
            tissue: streams(modality, 'tissue'),
            noise: streams(modality, phase, 'noise'),
          }),
        }),
        truth: () => ({
          ...geometry,
          voxels: Uint8Array.from(depthField(geometry, shape), (d) => (d > 0 ? 1 : 0)),
        }),
        rois: readings.map(({ reader, session }) => ({
          reader,
          session,
          mask: () => ({
            ...geometry,
            voxels: delineate(geometry, shape, reader, streams(modality, phase, reader, session)),
          }),
        })),
      };
    });
  });
}

const IN_PLANE = { CT: [1.4375, 1.5, 1.5625], MR: [1.625, 1.75] } as const;
const THICKNESS = { CT: [5], MR: [4.875, 5, 5.125, 5.25, 5.375] } as const;

/**
 * The grid of a modality's scans, cropped to the liver around the lesion. Spacings and origins are binary fractions, so that they survive
 * a file format's float32 unchanged. In plane the voxels are twice as wide as a scanner's, to keep the volumes small.
 */
function place(modality: Modality, shape: LesionShape, diameter: number, random: Random): Geometry {
  const plane = pick(IN_PLANE[modality], random);
  const thickness = pick(THICKNESS[modality], random);
  const wide = Math.min(64, Math.max(48, 8 * Math.ceil((1.2 * diameter + 14) / plane / 8)));
  const high = Math.min(22, Math.max(14, Math.ceil((1.2 * diameter + 28) / thickness)));
  const size: Vector3 = [wide, wide, high];
  const spacing: Vector3 = [plane, plane, thickness];
  const corner = (axis: number): number => {
    const shift = 2 * random.uniform() - 1;
    return Math.round(4 * (shape.centre[axis] + 3 * shift - ((size[axis] - 1) / 2) * spacing[axis])) / 4;
  };
  return { size, spacing, origin: [corner(0), corner(1), corner(2)], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
}

/** Where the patient's breath holds the liver in a scan: a few millimetres up or down. */
function drawBreath(random: Random): Vector3 {
  const shift = (reach: number): number => Math.round(16 * reach * (2 * random.uniform() - 1)) / 16;
  return [shift(0.75), shift(0.75), shift(2.5)];
}

function pick(choices: readonly number[], random: Random): number {
  return choices[Math.floor(choices.length * random.uniform())];
}
