import { Failure } from '../../failure.ts';
import type { VoxelArray } from '../volume.ts';
import { decodeVoxels, type StoredType } from '../voxel-data.ts';
import { codestreamSize } from './codestream.ts';
import {
  corruptElement,
  type DataSet,
  findElement,
  missing,
  number,
  requireNumber,
  text,
} from './data-set.ts';
import type { DicomFile } from './parse-dicom.ts';
import { decodeRle } from './rle.ts';
import { requireDecodable } from './transfer-syntax.ts';

/** How the samples of an image are stored (DICOM PS3.5, chapter 8). */
export interface PixelFormat {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly signed: boolean;
}

/** One frame for a decoder. */
export interface CompressedFrame extends Omit<PixelFormat, 'frames'> {
  readonly coding: 'JPEG lossless' | 'JPEG-LS' | 'JPEG 2000';
  readonly bytes: Uint8Array;
}

/**
 * Decodes a frame that is compressed as JPEG lossless, JPEG-LS or JPEG 2000; given by the caller. Gives rows · columns samples of
 * `bitsAllocated` bits, the lowest byte first; throws `FILE_CORRUPT` where it cannot.
 */
export type DecodeFrame = (frame: CompressedFrame) => Uint8Array;

/** The pixel format of an image. Throws `FILE_CORRUPT`, and `FILE_UNSUPPORTED` for colours, floats and odd widths. */
export function pixelFormat(dataSet: DataSet): PixelFormat {
  const samples = number(dataSet, 'SamplesPerPixel') ?? 1;
  const photometric = text(dataSet, 'PhotometricInterpretation') ?? 'MONOCHROME2';
  if (samples !== 1 || !photometric.startsWith('MONOCHROME')) {
    throw new Failure('FILE_UNSUPPORTED', `the image is in colour (${samples} samples, ${photometric})`, {
      samplesPerPixel: samples,
      photometricInterpretation: photometric,
    });
  }
  for (const keyword of ['FloatPixelData', 'DoubleFloatPixelData'] as const) {
    if (findElement(dataSet, keyword) === null) continue;
    throw new Failure('FILE_UNSUPPORTED', `the image stores its voxels as ${keyword}`, { keyword });
  }
  const [rows, columns] = (['Rows', 'Columns'] as const).map((keyword) => {
    const size = requireNumber(dataSet, keyword);
    return size >= 1 ? size : corruptElement(keyword, `is ${size}`);
  });
  const frames = number(dataSet, 'NumberOfFrames') ?? 1;
  if (frames < 1) corruptElement('NumberOfFrames', `is ${frames}`);
  const bitsAllocated = requireNumber(dataSet, 'BitsAllocated');
  const bitsStored = number(dataSet, 'BitsStored') ?? bitsAllocated;
  const highBit = number(dataSet, 'HighBit') ?? bitsStored - 1;
  if (![1, 8, 16, 32].includes(bitsAllocated)) {
    throw new Failure('FILE_UNSUPPORTED', `the image has ${bitsAllocated} bits allocated a voxel`, {
      bitsAllocated,
    });
  }
  if (bitsStored < 1 || bitsStored > bitsAllocated) {
    corruptElement('BitsStored', `is ${bitsStored} of ${bitsAllocated} bits allocated`);
  }
  if (highBit !== bitsStored - 1) {
    throw new Failure('FILE_UNSUPPORTED', `the highest bit is ${highBit}, not ${bitsStored - 1}`, {
      highBit,
    });
  }
  const representation = requireNumber(dataSet, 'PixelRepresentation');
  if (representation > 1) corruptElement('PixelRepresentation', `is ${representation}, neither 0 nor 1`);
  return { rows, columns, frames, bitsAllocated, bitsStored, signed: representation === 1 };
}

/** The bytes of each frame as they are stored. Throws `FILE_TRUNCATED`, `FILE_CORRUPT`, `FILE_UNSUPPORTED`. */
export function storedFrames({ dataSet, transferSyntax }: DicomFile, format: PixelFormat): Uint8Array[] {
  const coding = requireDecodable(transferSyntax);
  const element = findElement(dataSet, 'PixelData') ?? missing('PixelData');
  const { frames, rows, columns, bitsAllocated } = format;
  if (element.fragments !== null) {
    if (coding === 'native') corruptElement('PixelData', `is encapsulated under ${transferSyntax.name}`);
    return encapsulatedFrames(element.fragments, frames);
  }
  if (coding !== 'native') corruptElement('PixelData', `is not encapsulated under ${transferSyntax.name}`);
  const frameBits = rows * columns * bitsAllocated;
  const length = Math.ceil((frames * frameBits) / 8);
  const { value } = element;
  if (value.length < length) {
    throw new Failure('FILE_TRUNCATED', `PixelData has ${value.length} bytes, not ${length}`, {
      expected: length,
      found: value.length,
    });
  }
  // Some writers fill up the last block with zeros; more than that says that rows or frames are missing.
  const surplus = value.subarray(length);
  if (surplus.length > 1 && (surplus.length * 8 >= frameBits || surplus.some((byte) => byte !== 0))) {
    corruptElement('PixelData', `has ${value.length} bytes, not ${length}`);
  }
  const swapped = !transferSyntax.littleEndian && element.vr === 'OW' && bitsAllocated < 16;
  const bytes = swapped ? swapPairs(value) : value;
  // Frames of single bits follow each other without padding: they are taken apart by whoever reads the bits.
  if (bitsAllocated === 1) return [bytes];
  return Array.from({ length: frames }, (_, n) =>
    bytes.subarray((n * frameBits) / 8, ((n + 1) * frameBits) / 8),
  );
}

/** By the fragments themselves, where there is one a frame; else by the offset table (PS3.5, A.4). */
function encapsulatedFrames(fragments: readonly Uint8Array[], frames: number): Uint8Array[] {
  const [table, ...parts] = fragments;
  if (table === undefined || parts.length === 0) corruptElement('PixelData', 'has no fragments');
  if (frames === 1) return [joined(parts)];
  if (parts.length === frames) return parts;
  if (table.length !== 4 * frames || parts.length < frames) {
    corruptElement(
      'PixelData',
      `has ${parts.length} fragments for ${frames} frames, and no table of their offsets`,
    );
  }
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const starts = new Map<number, number>();
  let offset = 0;
  for (const [n, part] of parts.entries()) {
    starts.set(offset, n);
    offset += 8 + part.length;
  }
  const first = Array.from({ length: frames }, (_, n) => starts.get(view.getUint32(4 * n, true)) ?? -1);
  return first.map((start, n) => {
    const end = first[n + 1] ?? parts.length;
    if (start < 0 || end <= start) corruptElement('PixelData', `has a wrong offset for frame ${n + 1}`);
    return joined(parts.slice(start, end));
  });
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function swapPairs(value: Uint8Array): Uint8Array {
  const copy = new Uint8Array(value);
  for (let n = 0; n + 1 < copy.length; n += 2) [copy[n], copy[n + 1]] = [copy[n + 1], copy[n]];
  return copy;
}

/** The stored values of one frame of 8, 16 or 32 bits, decoded, and free of what the bits above `bitsStored` hold. */
export function frameValues(
  bytes: Uint8Array,
  file: DicomFile,
  format: PixelFormat,
  decodeFrame: DecodeFrame | undefined,
): VoxelArray {
  const { rows, columns, bitsAllocated, signed } = format;
  const coding = requireDecodable(file.transferSyntax);
  const type = `${signed ? 'int' : 'uint'}${bitsAllocated}` as StoredType;
  if (coding === 'native') {
    return withoutUnused(decodeVoxels(bytes, type, file.transferSyntax.littleEndian), format);
  }
  if (coding === 'RLE') {
    return withoutUnused(
      decodeVoxels(decodeRle(bytes, rows * columns, bitsAllocated / 8), type, true),
      format,
    );
  }
  if (decodeFrame === undefined) {
    throw new Failure(
      'FILE_UNSUPPORTED',
      `images compressed as ${file.transferSyntax.name} are not read here`,
      {
        transferSyntax: file.transferSyntax.uid,
      },
    );
  }
  const size = codestreamSize(bytes);
  if (size.rows !== rows || size.columns !== columns || size.components !== 1 || size.bits > bitsAllocated) {
    throw new Failure(
      'FILE_CORRUPT',
      `a frame is of ${size.columns} × ${size.rows} voxels of ${size.components} components of ${size.bits} bits, the image of ${columns} × ${rows} of ${bitsAllocated} bits`,
      {
        found: [size.columns, size.rows, size.components, size.bits],
        expected: [columns, rows, 1, bitsAllocated],
      },
    );
  }
  const { frames: _, ...shape } = format;
  const decoded = decodeFrame({ ...shape, coding, bytes });
  if (decoded.length !== (rows * columns * bitsAllocated) / 8) {
    throw new Failure('FILE_CORRUPT', `a frame was decoded to ${decoded.length} bytes`, {
      found: decoded.length,
    });
  }
  return withoutUnused(decodeVoxels(decoded, type, true), format);
}

/** Bits above those stored may hold overlays, or the sign; they are set as the sign says. */
function withoutUnused(values: VoxelArray, { bitsAllocated, bitsStored, signed }: PixelFormat): VoxelArray {
  if (bitsStored === bitsAllocated) return values;
  const shift = 32 - bitsStored;
  const result = values.slice();
  if (signed) for (let n = 0; n < result.length; n++) result[n] = (result[n] << shift) >> shift;
  else for (let n = 0; n < result.length; n++) result[n] = (result[n] << shift) >>> shift;
  return result;
}
