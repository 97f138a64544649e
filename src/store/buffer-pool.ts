/** Shorter ones are not worth keeping. */
const leastBytes = 2 ** 20;
/** What is kept for the next, in all. */
const keptBytes = 2 ** 26;

/** Whose bytes were taken and not given back yet. Those that never are, are collected as garbage. */
const lent = new WeakSet<ArrayBufferLike>();
let kept: ArrayBufferLike[] = [];

/**
 * Bytes to be filled: what they hold is what they were used for before. V8 collects all of its garbage each time that some tens of
 * megabytes have been allocated, which took longer than to read and write a matrix of them.
 */
export function takeBytes(length: number): Buffer {
  if (length < leastBytes) return Buffer.allocUnsafeSlow(length);
  const fit = kept.find(({ byteLength }) => byteLength >= length && byteLength <= 2 * length);
  kept = kept.filter((bytes) => bytes !== fit);
  const bytes = fit ?? new ArrayBuffer(length);
  lent.add(bytes);
  return Buffer.from(bytes, 0, length);
}

/** Who gives bytes back must be the last who has them. */
export function giveBack({ buffer }: Buffer): void {
  if (!lent.delete(buffer)) return;
  kept.push(buffer);
  let total = kept.reduce((sum, { byteLength }) => sum + byteLength, 0);
  while (total > keptBytes) total -= (kept.shift() as ArrayBufferLike).byteLength;
}
