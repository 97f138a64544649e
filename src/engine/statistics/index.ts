export type { ContinuousDistribution, DiscreteDistribution } from './distribution.ts';
export { erf, erfc, erfcx } from './error-function.ts';
export { normal } from './normal.ts';
export { Random, random } from './random.ts';
