import { inflateRawSync } from 'node:zlib';

/** A data set or an item, as far as the judge of the fuzzer needs it. */
export interface Walked {
  readonly values: ReadonlyMap<number, Uint8Array>;
  readonly items: ReadonlyMap<number, readonly Walked[]>;
  /** Fragments of encapsulated pixel data, the offset table first. */
  readonly fragments: readonly Uint8Array[] | null;
  readonly little: boolean;
}

export interface WalkedFile extends Walked {
  readonly syntax: string;
}

interface Coding {
  readonly explicit: boolean;
  readonly little: boolean;
}

/** Sequences that implicit VR does not tell from other values. */
const sequences = [
  ...[0x30060020, 0x30060039, 0x30060040, 0x30060016, 0x00540016, 0x00283000, 0x00620002, 0x0062000a],
  ...[0x52009229, 0x52009230, 0x00209113, 0x00209116, 0x00289110, 0x00089124, 0x00082112],
];
const pixels = 0x7fe00010;
const prefix = '1.2.840.10008.1.2';

/**
 * Walks over a DICOM file by PS3.5 and PS3.10, apart from the product's code. Null where the file is not plainly one: an element of unknown
 * type or of type UN, one that comes twice, a length that does not fit.
 */
export function walkDicom(bytes: Uint8Array): WalkedFile | null {
  try {
    return walkFile(bytes);
  } catch {
    return null;
  }
}

function walkFile(bytes: Uint8Array): WalkedFile {
  const plain = { explicit: true, little: true };
  const end = endOfMeta(viewOn(bytes));
  const meta = new Walk(bytes.subarray(0, end), plain).dataSet(132, end, 0);
  const syntax = textsOf(meta, 0x00020010)[0];
  const coding = { explicit: syntax !== prefix, little: syntax !== `${prefix}.2` };
  const content =
    syntax === `${prefix}.1.99`
      ? inflateRawSync(bytes.subarray(end), { maxOutputLength: 2 ** 28 })
      : bytes.subarray(end);
  return { syntax, ...new Walk(content, coding).dataSet(0, content.length, 0) };
}

const viewOn = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

function endOfMeta(view: DataView): number {
  let at = 132;
  while (at < view.byteLength && view.getUint16(at, true) === 2) {
    const isLong = /O.|SQ|SV|U[CNRTV]/.test(
      String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5)),
    );
    at += isLong ? 12 + view.getUint32(at + 8, true) : 8 + view.getUint16(at + 6, true);
  }
  return at;
}

class Walk {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #coding: Coding;
  /** Where the walk is. */
  #at = 0;

  constructor(bytes: Uint8Array, coding: Coding) {
    this.#bytes = bytes;
    this.#view = viewOn(bytes);
    this.#coding = coding;
  }

  /** The elements from `at` to `end`, or to the delimiter where `end` is null. */
  dataSet(at: number, end: number | null, depth: number): Walked {
    this.#at = at;
    const values = new Map<number, Uint8Array>();
    const items = new Map<number, Walked[]>();
    let fragments: Uint8Array[] | null = null;
    while (end === null || this.#at < end) {
      if (end === null && this.#tag() === 0xfffee00d) {
        this.#at += 8;
        break;
      }
      // Zeros after the last element fill up a block.
      if (depth === 0 && this.#bytes.subarray(this.#at).every((byte) => byte === 0)) break;
      const tag = this.#tag();
      const { vr, length } = this.#head();
      if (values.has(tag) || items.has(tag) || vr === 'UN' || tag >= 0xfffe0000) odd();
      const isSequence = vr === 'SQ' || (vr === '' && sequences.includes(tag));
      if (tag === pixels && length === 0xffffffff) fragments = this.#fragments();
      else if (isSequence || length === 0xffffffff) items.set(tag, this.#items(length, depth));
      else values.set(tag, this.#take(length));
    }
    if (end !== null && this.#at > end) odd();
    return { values, items, fragments, little: this.#coding.little };
  }

  #tag(): number {
    const { little } = this.#coding;
    return this.#view.getUint16(this.#at, little) * 65_536 + this.#view.getUint16(this.#at + 2, little);
  }

  #head(): { vr: string; length: number } {
    const { explicit, little } = this.#coding;
    const vr = explicit ? String.fromCharCode(this.#bytes[this.#at + 4], this.#bytes[this.#at + 5]) : '';
    if (explicit && !/^(A[EST]|CS|D[AST]|F[DL]|IS|L[OT]|O[BDFLVW]|PN|S[HLQSTV]|TM|U[CILNRSTV])$/.test(vr))
      odd();
    const isLong = /^(O.|SQ|SV|U[CNRTV])$/.test(vr);
    const at = this.#at;
    this.#at += isLong ? 12 : 8;
    if (isLong) return { vr, length: this.#view.getUint32(at + 8, little) };
    return {
      vr,
      length: explicit ? this.#view.getUint16(at + 6, little) : this.#view.getUint32(at + 4, little),
    };
  }

  #take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) odd();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #items(length: number, depth: number): Walked[] {
    const found: Walked[] = [];
    const end = this.#at + length;
    while (length === 0xffffffff || this.#at < end) {
      const tag = this.#tag();
      const own = this.#view.getUint32(this.#at + 4, this.#coding.little);
      this.#at += 8;
      if (tag === 0xfffee0dd && length === 0xffffffff) return found;
      if (tag !== 0xfffee000) odd();
      found.push(this.dataSet(this.#at, own === 0xffffffff ? null : this.#at + own, depth + 1));
    }
    return this.#at === end ? found : odd();
  }

  #fragments(): Uint8Array[] {
    const found: Uint8Array[] = [];
    for (;;) {
      const tag = this.#tag();
      const length = this.#view.getUint32(this.#at + 4, this.#coding.little);
      this.#at += 8;
      if (tag === 0xfffee0dd) return found;
      if (tag !== 0xfffee000) odd();
      found.push(this.#take(length));
    }
  }
}

function odd(): never {
  throw new Error('odd');
}

/** The values of a text element, without padding. */
export function textsOf({ values }: Walked, tag: number): string[] {
  const text = Buffer.from(values.get(tag) ?? []).toString('latin1');
  return text === '' ? [] : text.split('\\').map((value) => value.replace(/^[\0 ]+|[\0 ]+$/g, ''));
}

/** The numbers that a text element holds; NaN for what is none. */
export function numbersOf(walked: Walked, tag: number): number[] {
  return textsOf(walked, tag).map((value) => (value === '' ? Number.NaN : Number(value)));
}

/** A 16-bit number, or NaN. */
export function shortOf({ values, little }: Walked, tag: number): number {
  const value = values.get(tag);
  if (value?.length !== 2) return Number.NaN;
  return little ? value[0] + 256 * value[1] : 256 * value[0] + value[1];
}
