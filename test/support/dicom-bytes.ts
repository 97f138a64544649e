import { deflateRawSync } from 'node:zlib';
import { dictionary, type Keyword } from '../../src/engine/imaging/dicom/dictionary.ts';

export type DicomValue = string | number | readonly number[] | Uint8Array | readonly DicomFields[];
export type DicomFields = { readonly [K in Keyword]?: DicomValue };

/** An element that the dictionary of the product does not have, or has otherwise. */
export interface RawElement {
  readonly tag: number;
  readonly vr: string;
  readonly value: DicomValue;
}

export interface DicomCoding {
  /** Default: Explicit VR Little Endian. */
  readonly transferSyntax?: string;
  /** Sequences and items of undefined length. */
  readonly undefinedLengths?: boolean;
  readonly raw?: readonly RawElement[];
  /** Frames of encapsulated pixel data. */
  readonly frames?: readonly Uint8Array[];
  /** The offset table before them. */
  readonly offsets?: readonly number[];
}

interface Form {
  readonly explicit: boolean;
  readonly little: boolean;
  readonly undefinedLengths: boolean;
}

const longForm = ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV'];
const undefinedLength = 0xffffffff;

/** A DICOM file with these elements, written by PS3.5 and PS3.10, apart from the code that it tests. */
export function dicomBytes(fields: DicomFields, coding: DicomCoding = {}): Uint8Array {
  const syntax = coding.transferSyntax ?? '1.2.840.10008.1.2.1';
  const form = {
    explicit: syntax !== '1.2.840.10008.1.2',
    little: syntax !== '1.2.840.10008.1.2.2',
    undefinedLengths: coding.undefinedLengths ?? false,
  };
  const meta = element(0x00020010, 'UI', syntax, { explicit: true, little: true, undefinedLengths: false });
  const length = element(0x00020000, 'UL', [meta.length], {
    explicit: true,
    little: true,
    undefinedLengths: false,
  });
  const parts = [body(fields, coding.raw ?? [], form)];
  if (coding.frames) parts.push(encapsulated(coding.frames, coding.offsets ?? [], form));
  const whole = Buffer.concat(parts);
  const stored = syntax === '1.2.840.10008.1.2.1.99' ? deflateRawSync(whole) : whole;
  return new Uint8Array(Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), length, meta, stored]));
}

function body(fields: DicomFields, raw: readonly RawElement[], form: Form): Buffer {
  const named = Object.entries(fields).map(([name, value]) => {
    const [tag, vr] = dictionary[name as Keyword];
    return { tag, vr, value: value as DicomValue };
  });
  const elements = [...named, ...raw].sort((a, b) => a.tag - b.tag);
  return Buffer.concat(elements.map(({ tag, vr, value }) => element(tag, vr, value, form)));
}

function element(tag: number, vr: string, value: DicomValue, form: Form): Buffer {
  const isSequence = vr === 'SQ';
  const content = isSequence ? sequence(value as readonly DicomFields[], form) : encode(vr, value, form);
  const length = isSequence && form.undefinedLengths ? undefinedLength : content.length;
  return Buffer.concat([head(tag, vr, length, form), content]);
}

function head(tag: number, vr: string, length: number, { explicit, little }: Form): Buffer {
  const long = longForm.includes(vr);
  const bytes = Buffer.alloc(explicit && long ? 12 : 8);
  const short = (value: number, at: number) =>
    little ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at);
  short(tag >>> 16, 0);
  short(tag & 0xffff, 2);
  if (explicit) bytes.write(vr, 4, 'latin1');
  if (explicit && !long) short(length, 6);
  else if (little) bytes.writeUInt32LE(length, bytes.length - 4);
  else bytes.writeUInt32BE(length, bytes.length - 4);
  return bytes;
}

function delimiter(tag: number, length: number, form: Form): Buffer {
  return head(tag, '', length, { ...form, explicit: false });
}

function sequence(items: readonly DicomFields[], form: Form): Buffer {
  const parts = items.flatMap((fields) => {
    const content = body(fields, [], form);
    return form.undefinedLengths
      ? [delimiter(0xfffee000, undefinedLength, form), content, delimiter(0xfffee00d, 0, form)]
      : [delimiter(0xfffee000, content.length, form), content];
  });
  if (form.undefinedLengths) parts.push(delimiter(0xfffee0dd, 0, form));
  return Buffer.concat(parts);
}

function encapsulated(frames: readonly Uint8Array[], offsets: readonly number[], form: Form): Buffer {
  const table = encode('UL', offsets, form);
  const padded = frames.map((frame) => Buffer.concat([frame, Buffer.alloc(frame.length % 2)]));
  return Buffer.concat([
    head(0x7fe00010, 'OB', undefinedLength, form),
    ...[table, ...padded].flatMap((part) => [delimiter(0xfffee000, part.length, form), part]),
    delimiter(0xfffee0dd, 0, form),
  ]);
}

function encode(vr: string, value: DicomValue, { little }: Form): Buffer {
  if (value instanceof Uint8Array) return Buffer.concat([value, Buffer.alloc(value.length % 2)]);
  const numbers =
    typeof value === 'number' ? [value] : typeof value === 'string' ? [] : (value as readonly number[]);
  const width = { US: 2, SS: 2, UL: 4, FL: 4, FD: 8 }[vr];
  if (width === undefined) {
    const text = typeof value === 'string' ? value : numbers.join('\\');
    const bytes = Buffer.from(text, 'utf8');
    return Buffer.concat([bytes, Buffer.alloc(bytes.length % 2, vr === 'UI' ? 0 : 32)]);
  }
  const bytes = Buffer.alloc(width * numbers.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [n, number] of numbers.entries()) {
    if (vr === 'US') view.setUint16(2 * n, number, little);
    else if (vr === 'SS') view.setInt16(2 * n, number, little);
    else if (vr === 'UL') view.setUint32(4 * n, number, little);
    else if (vr === 'FL') view.setFloat32(4 * n, number, little);
    else view.setFloat64(8 * n, number, little);
  }
  return bytes;
}
