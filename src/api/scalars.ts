import { GraphQLScalarType } from 'graphql';
import { giveBack } from '../store/buffer-pool.ts';
import { Base64Json } from './raw-json.ts';

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

/** Rows of 64-bit floats, as they are stored, as one leaf: bytes rather than digits: half as long, and neither printed nor parsed number by number. */
export const FloatMatrix = new GraphQLScalarType<Buffer, Base64Json>({
  name: 'FloatMatrix',
  description:
    'A matrix of 64-bit floats in one piece: little-endian, row after row, as base64; NaN where a value is undefined. `new Float64Array(Uint8Array.fromBase64(text).buffer)` reads it.',
  serialize: (value) => new Base64Json(value as Buffer, () => giveBack(value as Buffer)),
});
