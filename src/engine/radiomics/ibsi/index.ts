export {
  type Aggregation,
  type Dimension,
  type IbsiFamily,
  type IbsiFeature,
  ibsiFeatures,
} from './catalogue.ts';
export { extractIbsiFeatures, type IbsiProgress } from './extractor.ts';
export { type IbsiDiscretisation, type IbsiProfile, ibsiProfiles } from './profile.ts';
