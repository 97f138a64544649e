import { createHash } from 'node:crypto';

/** A SHA-256 over JSON with sorted keys: equal values have equal keys, whatever the order of their properties. */
export function contentKey(...parts: readonly unknown[]): string {
  return createHash('sha256').update(canonicalJson(parts)).digest('hex');
}

/**
 * The SHA-256 of a plain JSON value in its canonical form (RFC 8785): anybody can compute it again from the JSON, however
 * that is laid out.
 */
export function jsonHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** JSON with the keys of every object in order; typed arrays count by their bytes, so that no bit is lost to decimals. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (ArrayBuffer.isView(inner)) {
      const bytes = new Uint8Array(inner.buffer, inner.byteOffset, inner.byteLength);
      return `${inner.constructor.name}:${createHash('sha256').update(bytes).digest('hex')}`;
    }
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
