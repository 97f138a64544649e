import { checksum } from './expected-volume.ts';

/** Elements of a data set in Explicit VR Little Endian by their tags, as far as they can be walked over; sequences are passed over. */
function elementsOf(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found = new Map<number, Uint8Array>();
  let at = 132;
  while (at + 8 <= bytes.length) {
    const tag = view.getUint16(at, true) * 65_536 + view.getUint16(at + 2, true);
    const vr = String.fromCharCode(bytes[at + 4], bytes[at + 5]);
    const isLong = /^(OB|OD|OF|OL|OV|OW|SQ|SV|UC|UN|UR|UT|UV)$/.test(vr);
    if (!/^[A-Z]{2}$/.test(vr) || (isLong && at + 12 > bytes.length)) return null;
    const length = isLong ? view.getUint32(at + 8, true) : view.getUint16(at + 6, true);
    const start = at + (isLong ? 12 : 8);
    if (start + length > bytes.length || found.has(tag)) return null;
    found.set(tag, bytes.subarray(start, start + length));
    at = start + length;
  }
  return at === bytes.length ? found : null;
}

/**
 * The checksum of a slice's voxels, rescaled, read apart from the product's code, or `too short`; null where the file is not one of plain 16-bit signed
 * voxels in Explicit VR Little Endian, of which nothing is expected.
 */
export function expectedSlice(bytes: Uint8Array): string | null {
  const elements = elementsOf(bytes);
  const text = (tag: number) =>
    Buffer.from(elements?.get(tag) ?? [])
      .toString('latin1')
      .replace(/[\0 ]+$/, '')
      .trim();
  const short = (tag: number) => {
    const value = elements?.get(tag);
    return value?.length === 2 ? value[0] + 256 * value[1] : Number.NaN;
  };
  if (text(0x00020010) !== '1.2.840.10008.1.2.1') return null;
  if (short(0x00280100) !== 16 || short(0x00280101) !== 16 || short(0x00280103) !== 1) return null;
  const stored = elements?.get(0x7fe00010);
  if (stored === undefined || !(short(0x00280010) * short(0x00280011) > 0)) return null;
  if (stored.length < 2 * short(0x00280010) * short(0x00280011)) return 'too short';
  const slope = Number(text(0x00281053) || 1);
  const intercept = Number(text(0x00281052) || 0);
  const view = new DataView(stored.buffer, stored.byteOffset, stored.length);
  const count = short(0x00280010) * short(0x00280011);
  return checksum(Array.from({ length: count }, (_, n) => slope * view.getInt16(2 * n, true) + intercept));
}
