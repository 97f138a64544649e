import { regionFamilies } from './region-families.ts';
import { textureFamilies } from './texture-families.ts';

export const families = { ...regionFamilies, ...textureFamilies } as const;

export type IbsiFamily = keyof typeof families;
export type TextureFamily = keyof typeof textureFamilies;

/** The tag of a family's feature without its aggregation, e.g. `cm_joint_max`. */
export type TagOf<F extends IbsiFamily> = keyof (typeof families)[F]['features'] & string;

/** The values of one family in one aggregation; NaN where a feature is undefined on the region. */
export type IbsiValues<F extends IbsiFamily> = Record<TagOf<F>, number>;

/** Textures slice by slice (averaged), slice by slice with the matrices of the slices merged, or in space. */
export type Dimension = '2D' | '2.5D' | '3D';

/** How matrices of directions and slices make a feature's value, by its name in IBSI's tables. */
export type Aggregation = Dimension | `${Dimension}_${'avg' | 'mrg'}`;

/** IBSI's codes of the aggregations, and what they add to a tag. */
export const aggregations: Readonly<Record<Aggregation, readonly [code: string, suffix: string]>> = {
  '2D_avg': ['BTW3', '_2D_avg'],
  '2D_mrg': ['SUJT', '_2D_comb'],
  '2.5D_avg': ['JJUI', '_2_5D_avg'],
  '2.5D_mrg': ['ZW7Z', '_2_5D_comb'],
  '3D_avg': ['ITBB', '_3D_avg'],
  '3D_mrg': ['IAZD', '_3D_comb'],
  '2D': ['8QNN', '_2D'],
  '2.5D': ['62GR', '_2_5D'],
  '3D': ['KOBO', '_3D'],
};

/** IBSI's code of the features that are of the whole region in space. */
const wholeRegion = 'DHQ4';

/** A feature as IBSI knows it. */
export interface IbsiFeature {
  /** The tag of IBSI's compliance table, which is unique, e.g. `cm_joint_max_2D_comb`, `stat_mean`: the name of the value. */
  readonly name: string;
  readonly family: IbsiFamily;
  readonly familyCode: string;
  /** Four characters, e.g. `GYBY`: the same in every aggregation. */
  readonly code: string;
  /** In words, e.g. `Joint maximum`. */
  readonly title: string;
  readonly aggregation: Aggregation | null;
  readonly aggregationCode: string;
}

export const isTexture = (family: IbsiFamily): family is TextureFamily =>
  Object.hasOwn(textureFamilies, family);

/** The aggregations of a texture family in the given dimensions. */
export function aggregationsOf(family: TextureFamily, dimensions: readonly Dimension[]): Aggregation[] {
  const hasDirections = family === 'glcm' || family === 'glrlm';
  return dimensions.flatMap((dimension): Aggregation[] =>
    hasDirections ? [`${dimension}_avg`, `${dimension}_mrg`] : [dimension],
  );
}

/** Every feature that is computed where textures are wanted in these dimensions, in the order of IBSI's tables. */
export function ibsiFeatures(dimensions: readonly Dimension[]): IbsiFeature[] {
  return (Object.keys(families) as IbsiFamily[]).flatMap((family) => {
    const { code: familyCode, features } = families[family];
    const named = Object.entries(features) as [string, readonly [code: string, title: string]][];
    const wanted = isTexture(family) ? aggregationsOf(family, dimensions) : [null];
    return wanted.flatMap((aggregation) =>
      named.map(([tag, [code, title]]): IbsiFeature => {
        const [aggregationCode, suffix] =
          aggregation === null ? [wholeRegion, ''] : aggregations[aggregation];
        return { name: tag + suffix, family, familyCode, code, title, aggregation, aggregationCode };
      }),
    );
  });
}
