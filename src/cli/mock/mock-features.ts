import { random } from '../../engine/statistics/random.ts';
import { drawLatents } from '../../synthetic/latents.ts';

/** What the features of a region depend on. */
export interface MockRegion {
  readonly subject: string;
  readonly modality: string;
  readonly phase: string;
  readonly reader: string;
  readonly session: number;
}

/** How a feature sees a tumour: by its size, by its texture in the modality, or not at all. */
interface Sight {
  readonly size: number;
  readonly texture: number;
  readonly location: number;
  readonly scale: number;
}

/**
 * Makes feature values up: the same for the same seed, region and name. What a tumour is like comes from the latents by which the
 * synthetic cohort of the seed drew that subject's outcomes, so that some features tell of them, most do not, and readings of
 * one region nearly agree.
 */
export class MockFeatures {
  readonly #seed: number;
  readonly #sights: readonly Sight[];

  constructor(seed: number, names: readonly string[]) {
    this.#seed = seed;
    this.#sights = names.map((name) => {
      const draw = random(seed, 'mock feature', name);
      const kind = draw.uniform();
      const strength = 0.6 + 0.3 * draw.uniform();
      return {
        texture: kind < 0.12 ? strength : 0,
        size: kind > 0.12 && kind < 0.3 ? strength : 0,
        location: 10 + 90 * draw.uniform(),
        scale: 1 + 9 * draw.uniform(),
      };
    });
  }

  of({ subject, modality, phase, reader, session }: MockRegion): Float64Array {
    const latents = drawLatents(random(this.#seed, subject, 'latents'));
    const texture = modality === 'MR' ? latents.mrTexture : latents.ctTexture;
    const own = random(this.#seed, 'mock tumour', subject, modality);
    const noise = random(this.#seed, 'mock reading', subject, modality, phase, reader, session);
    return Float64Array.from(this.#sights, (sight) => {
      const seen = sight.size * latents.size + sight.texture * texture;
      const rest = Math.sqrt(1 - sight.size ** 2 - sight.texture ** 2);
      const value = seen + rest * own.normal() + 0.2 * noise.normal();
      return Number((sight.location + sight.scale * value).toPrecision(9));
    });
  }
}
