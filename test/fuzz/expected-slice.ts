import { compressedSlices } from './compressed-frames.ts';
import { expectedUptake } from './expected-uptake.ts';
import { storedValues } from './seed-series.ts';
import { numbersOf, shortOf, textsOf, type Walked, type WalkedFile, walkDicom } from './walk-dicom.ts';

const native = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.2'];
const rle = '1.2.840.10008.1.2.5';

/** What the voxels of a slice must be; `refusal` where the file has too few or contradicts the others; null where nothing is expected. */
export type ExpectedSlice = ArrayLike<number> | 'refusal' | null;

/**
 * The voxels of a slice, rescaled, and of PET as SUV, read apart from the product's code and without its checks. Of a compressed frame
 * something is expected where it is the seed's own, byte for byte, or RLE.
 */
export function expectedSlice(bytes: Uint8Array, others: readonly Uint8Array[] = []): ExpectedSlice {
  const file = walkDicom(bytes);
  if (file === null) return null;
  const count = shortOf(file, 0x00280010) * shortOf(file, 0x00280011);
  const allocated = shortOf(file, 0x00280100);
  if (!(count > 0) || ![8, 16].includes(allocated)) return null;
  const raw = rawValues(file, count, allocated);
  if (raw === null || raw === 'refusal') return raw;
  const stored = shortOf(file, 0x00280101);
  const bits = Number.isNaN(stored) ? allocated : stored;
  const isSigned = shortOf(file, 0x00280103) === 1;
  const factor = textsOf(file, 0x00080060)[0] === 'PT' ? factorOf(file, others) : 1;
  if (typeof factor !== 'number') return factor;
  const [slope = 1] = numbersOf(file, 0x00281053);
  const [intercept = 0] = numbersOf(file, 0x00281052);
  return raw.map((value) => {
    const low = value & (2 ** bits - 1);
    const signed = isSigned && low >= 2 ** (bits - 1) ? low - 2 ** bits : low;
    return (slope * signed + intercept) * factor;
  });
}

function factorOf(file: Walked, others: readonly Uint8Array[]): number | 'refusal' | null {
  if (textsOf(file, 0x00541001)[0] !== 'BQML') return null;
  const walked = others.map(walkDicom);
  return walked.includes(null) ? null : expectedUptake([file, ...(walked as WalkedFile[])]);
}

/** The bits of each voxel as they are stored, without a sign. */
function rawValues(file: WalkedFile, count: number, allocated: number): number[] | 'refusal' | null {
  const { fragments, syntax, little } = file;
  const pixels = file.values.get(0x7fe00010);
  if (fragments !== null) return decompressed(file, fragments.slice(1), count, allocated);
  if (pixels === undefined || !native.includes(syntax)) return null;
  const width = allocated / 8;
  if (pixels.length < count * width) return 'refusal';
  if (width === 1) return little ? [...pixels.subarray(0, count)] : null;
  return Array.from({ length: count }, (_, n) =>
    little ? pixels[2 * n] + 256 * pixels[2 * n + 1] : 256 * pixels[2 * n] + pixels[2 * n + 1],
  );
}

function decompressed(
  file: WalkedFile,
  parts: readonly Uint8Array[],
  count: number,
  allocated: number,
): number[] | 'refusal' | null {
  const frame = Buffer.concat(parts);
  if (file.syntax === rle) return unpacked(frame, count, allocated / 8);
  const [, seed] =
    Object.entries(compressedSlices).find(([, { transferSyntax }]) => transferSyntax === file.syntax) ?? [];
  const isSeed =
    seed !== undefined &&
    frame.length - seed.frame.length <= 1 &&
    frame.subarray(0, seed.frame.length).equals(seed.frame);
  const values = storedValues(-1, 'CT');
  if (!isSeed || allocated !== 16 || count !== values.length) return null;
  return shortOf(file, 0x00280103) === 1 ? Array.from(values, (value) => value & 0xffff) : null;
}

/** PackBits (PS3.5, annex G), a segment for each byte of a voxel, the highest first. */
function unpacked(frame: Buffer, count: number, width: number): number[] | 'refusal' {
  const values = new Array<number>(count).fill(0);
  for (let segment = 0; segment < width; segment++) {
    if (frame.length < 64) return 'refusal';
    let at = frame.readUInt32LE(4 + 4 * segment);
    const bytes: number[] = [];
    while (bytes.length < count) {
      if (at >= frame.length) return 'refusal';
      const control = frame.readInt8(at++);
      if (control >= 0) bytes.push(...frame.subarray(at, at + control + 1));
      else if (control > -128) bytes.push(...new Array<number>(1 - control).fill(frame[at]));
      at += control >= 0 ? control + 1 : control > -128 ? 1 : 0;
    }
    for (let n = 0; n < count; n++) values[n] = 256 * values[n] + bytes[n];
  }
  return values;
}
