export type Modality = 'CT' | 'MR';
export type Phase = 'ARTERIAL' | 'VENOUS' | 'EQUILIBRIUM';

export const modalities: readonly Modality[] = ['CT', 'MR'];
/** MR's portal phase is given as `VENOUS`, so that the phases of both modalities have the same names. */
export const phases: readonly Phase[] = ['ARTERIAL', 'VENOUS', 'EQUILIBRIUM'];

/** Mean intensities of the tissues in a phase: HU in CT, arbitrary units in MR. */
export interface Appearance {
  readonly liver: number;
  readonly lesion: number;
  /** What the capsule adds to the lesion's rim. */
  readonly capsule: number;
  readonly necrosis: number;
  readonly vessel: number;
  /** How strongly the lesion's texture shows, relative to its modality's strongest phase. */
  readonly texture: number;
}

/** A modality's own scale: standard deviations and the texture's amplitude, all in its unit of intensity. */
export interface Contrast {
  readonly noise: number;
  readonly parenchyma: number;
  /** The amplitude of the lesion's texture at latent 0, and what one unit of the latent adds. */
  readonly texture: number;
  readonly textureGain: number;
  /** How far one unit of a patient's enhancement moves the lesion. */
  readonly enhancement: number;
  readonly phases: Readonly<Record<Phase, Appearance>>;
}

/**
 * How hepatocellular carcinoma looks: brighter than the liver in the arterial phase, washed out later, with a capsule that
 * enhances late and a core that does not.
 */
export const contrasts: Readonly<Record<Modality, Contrast>> = {
  CT: {
    noise: 8,
    parenchyma: 4,
    texture: 20,
    textureGain: 7,
    enhancement: 6,
    phases: {
      ARTERIAL: { liver: 66, lesion: 104, capsule: 0, necrosis: 34, vessel: 120, texture: 1 },
      VENOUS: { liver: 112, lesion: 98, capsule: 10, necrosis: 38, vessel: 168, texture: 0.85 },
      EQUILIBRIUM: { liver: 92, lesion: 70, capsule: 24, necrosis: 38, vessel: 112, texture: 0.65 },
    },
  },
  MR: {
    noise: 20,
    parenchyma: 14,
    texture: 72,
    textureGain: 25,
    enhancement: 22,
    phases: {
      ARTERIAL: { liver: 420, lesion: 585, capsule: 0, necrosis: 250, vessel: 640, texture: 0.75 },
      VENOUS: { liver: 610, lesion: 540, capsule: 35, necrosis: 270, vessel: 830, texture: 1 },
      EQUILIBRIUM: { liver: 560, lesion: 450, capsule: 95, necrosis: 280, vessel: 660, texture: 0.8 },
    },
  },
};
