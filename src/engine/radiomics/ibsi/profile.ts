import type { IbsiResegmentation, Vector3 } from '../../imaging/index.ts';
import type { Dimension } from './catalogue.ts';

/**
 * Fixed bin size (IBSI Q3RU): levels count from the lower bound of the re-segmentation range, or the lowest intensity where there
 * is none. Fixed bin number (K15C): between the lowest and the highest intensity.
 */
export type IbsiDiscretisation =
  | { readonly method: 'FBS'; readonly width: number }
  | { readonly method: 'FBN'; readonly bins: number };

/** What to compute with IBSI's conventions, as data. */
export interface IbsiProfile {
  readonly name: string;
  /** The mask's label. */
  readonly label: number;
  /** Null where the image is taken as it is. */
  readonly interpolation: {
    /** In mm along x, y, z; 0 keeps the image's. */
    readonly spacing: Vector3;
    readonly method: 'linear' | 'cubic';
    /** Whether interpolated intensities are rounded to whole numbers, as is right for CT. */
    readonly round: boolean;
  } | null;
  readonly resegmentation: IbsiResegmentation;
  readonly discretisation: IbsiDiscretisation;
  /** Of the intensity–volume histogram; null for intensities that are whole numbers of calibrated units. */
  readonly ivhDiscretisation: IbsiDiscretisation | null;
  /** Of the textures. */
  readonly dimensions: readonly Dimension[];
}

const bins32 = { method: 'FBN', bins: 32 } as const;
const width25 = { method: 'FBS', width: 25 } as const;

const common = { label: 1, interpolation: null, ivhDiscretisation: null } as const;

function resampled(spacing: Vector3, method: 'linear' | 'cubic') {
  return { spacing, method, round: true };
}

/** The configurations that IBSI 1 has reference values for: its digital phantom, and A to E for the CT phantom. */
export const ibsiProfiles: Readonly<Record<string, IbsiProfile>> = Object.fromEntries(
  [
    {
      ...common,
      name: 'ibsi-digital',
      resegmentation: {},
      discretisation: { method: 'FBS', width: 1 } as const,
      dimensions: ['2D', '2.5D', '3D'] as const,
    },
    {
      ...common,
      name: 'ibsi-a',
      resegmentation: { range: [-500, 400] } as const,
      discretisation: width25,
      dimensions: ['2D', '2.5D'] as const,
    },
    {
      ...common,
      name: 'ibsi-b',
      interpolation: resampled([2, 2, 0], 'linear'),
      resegmentation: { range: [-500, 400] } as const,
      discretisation: bins32,
      dimensions: ['2D', '2.5D'] as const,
    },
    {
      ...common,
      name: 'ibsi-c',
      interpolation: resampled([2, 2, 2], 'linear'),
      resegmentation: { range: [-1000, 400] } as const,
      discretisation: width25,
      ivhDiscretisation: { method: 'FBS', width: 2.5 } as const,
      dimensions: ['3D'] as const,
    },
    {
      ...common,
      name: 'ibsi-d',
      interpolation: resampled([2, 2, 2], 'linear'),
      resegmentation: { sigma: 3 },
      discretisation: bins32,
      dimensions: ['3D'] as const,
    },
    {
      ...common,
      name: 'ibsi-e',
      interpolation: resampled([2, 2, 2], 'cubic'),
      resegmentation: { range: [-1000, 400], sigma: 3 } as const,
      discretisation: bins32,
      ivhDiscretisation: { method: 'FBN', bins: 1000 } as const,
      dimensions: ['3D'] as const,
    },
  ].map((profile): [string, IbsiProfile] => [profile.name, profile]),
);
