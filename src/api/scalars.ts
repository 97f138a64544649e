import { GraphQLScalarType } from 'graphql';

/**
 * A vector of 64-bit floats as one leaf: a cohort's feature matrix costs one serialisation a row, not one resolver step
 * a value. An undefined value, which a warning names, is null.
 */
export const FloatVector = new GraphQLScalarType<Float64Array, (number | null)[]>({
  name: 'FloatVector',
  description:
    'A list of 64-bit floats in one piece, as a JSON array of numbers; null where a value is undefined.',
  serialize: (value) =>
    Array.from(value as Float64Array, (number) => (Number.isFinite(number) ? number : null)),
});
