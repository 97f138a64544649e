/** A feature vector as it is stored: float64, little-endian, in the profile's order. Every bit is kept. */
export function encodeFeatures(values: Float64Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

export function decodeFeatures(stored: Buffer): Float64Array {
  // A copy: pooled buffers need not start on a multiple of eight.
  return new Float64Array(stored.buffer.slice(stored.byteOffset, stored.byteOffset + stored.byteLength));
}
