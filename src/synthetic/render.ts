import type { Geometry, Vector3 } from '../engine/imaging/volume.ts';
import type { Random } from '../engine/statistics/random.ts';
import type { Contrast, Phase } from './appearance.ts';
import { depthField, moved } from './lesion-shape.ts';
import { smoothField } from './smooth-field.ts';
import { type Tumour, type Vessel, within } from './tumour.ts';
import { whiteNoise } from './white-noise.ts';

/** Half the width, in mm, over which one tissue passes into the next. */
const EDGE = 2;
const CAPSULE_WIDTH = 2.5;

export interface Scene {
  readonly geometry: Geometry;
  readonly tumour: Tumour;
  /** How far the patient's breath has moved the tumour in this scan, mm. */
  readonly breath: Vector3;
  readonly contrast: Contrast;
  readonly phase: Phase;
  /** The latent of this modality: it sets how strongly the lesion's texture varies. */
  readonly texture: number;
  /** Random numbers of the tissue, which all phases of a modality share, and of the scan's noise. */
  readonly tissue: Random;
  readonly noise: Random;
}

/**
 * The intensities of a scan: parenchyma with vessels, a lesion with a capsule, a texture and a core that may be dead, and noise.
 * All arithmetic is +, −, ×, ÷ and √ and the result is rounded to integers: the same to the bit on any machine.
 */
export function render(scene: Scene): Int16Array {
  const { geometry, tumour, contrast } = scene;
  const look = contrast.phases[scene.phase];
  const latent = within(scene.texture);
  const amplitude = (contrast.texture + contrast.textureGain * latent) * look.texture;
  const depth = depthField(geometry, moved(tumour.shape, scene.breath));
  const coreDepth = tumour.core && depthField(geometry, moved(tumour.core, scene.breath));
  const parenchyma = smoothField(geometry, 6, scene.tissue);
  const texture = smoothField(geometry, 2, scene.tissue, depth);
  const noise = whiteNoise(depth.length, scene.noise);
  const vessels = vesselField(geometry, tumour.vessels);
  const lesionMean = look.lesion + contrast.enhancement * tumour.enhancement;
  const capsule = look.capsule * tumour.capsule;
  const voxels = new Int16Array(depth.length);
  for (let at = 0; at < voxels.length; at++) {
    const liver = look.liver + contrast.parenchyma * parenchyma[at];
    let value = liver + (look.vessel - liver) * vessels[at];
    const inside = blend(depth[at] / EDGE);
    if (inside > 0) {
      let tissue = lesionMean + amplitude * texture[at];
      if (coreDepth) {
        const dead = blend(coreDepth[at] / EDGE);
        tissue += (look.necrosis - lesionMean - 0.65 * amplitude * texture[at]) * dead;
      }
      tissue += capsule * (1 - Math.min(1, Math.abs(depth[at] - EDGE) / CAPSULE_WIDTH));
      value += (tissue - value) * inside;
    }
    voxels[at] = Math.round(value + contrast.noise * noise[at]);
  }
  return voxels;
}

/** 0 below −1, 1 above 1, smooth between. */
function blend(value: number): number {
  if (value <= -1) return 0;
  if (value >= 1) return 1;
  const part = 0.5 * (value + 1);
  return part * part * (3 - 2 * part);
}

/** How much of each voxel is vessel, 0 to 1. */
function vesselField(geometry: Geometry, vessels: readonly Vessel[]): Float64Array {
  const [nx, ny, nz] = geometry.size;
  const field = new Float64Array(nx * ny * nz);
  for (const { point, direction, radius } of vessels) {
    let at = 0;
    for (let k = 0; k < nz; k++) {
      const z = geometry.origin[2] + k * geometry.spacing[2] - point[2];
      for (let j = 0; j < ny; j++) {
        const y = geometry.origin[1] + j * geometry.spacing[1] - point[1];
        for (let i = 0; i < nx; i++) {
          const x = geometry.origin[0] + i * geometry.spacing[0] - point[0];
          const along = x * direction[0] + y * direction[1] + z * direction[2];
          const square = x * x + y * y + z * z - along * along;
          if (square < (radius + EDGE) * (radius + EDGE)) {
            const part = blend((radius - Math.sqrt(Math.max(0, square))) / EDGE);
            field[at] = Math.max(field[at], part);
          }
          at++;
        }
      }
    }
  }
  return field;
}
