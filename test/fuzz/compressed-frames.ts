import { storedValues } from './seed-series.ts';

/** The codings of a compressed slice. */
export type CompressedFormat = 'CT RLE' | 'CT JPEG lossless' | 'CT JPEG-LS' | 'CT JPEG 2000';

export interface CompressedSlice {
  readonly transferSyntax: string;
  readonly frame: Uint8Array;
}

const base64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

/** Slice −1 of the CT as libjpeg, CharLS and OpenJPEG wrote it; RLE by PS3.5, annex G. */
export const compressedSlices: Readonly<Record<CompressedFormat, CompressedSlice>> = {
  'CT RLE': { transferSyntax: '1.2.840.10008.1.2.5', frame: rleFrame(storedValues(-1, 'CT')) },
  'CT JPEG lossless': {
    transferSyntax: '1.2.840.10008.1.2.4.70',
    frame: base64(
      '/9j/4AAQSkZJRgABAQAAAQABAAD/wwALEAAHAAgBAREA/8QAGgABAQADAQEAAAAAAAAAAAAACAcFBgkED//aAAgBAQABAAD4BgHKxoqRgPoVnq/OCnE0dHun' +
        'xPx0Ey4UuF+3cMGqVO0sIPnwliD7S1TnAQkJOxCh+fymo2za3rtNMEA6VHTQfbpET//Z',
    ),
  },
  'CT JPEG-LS': {
    transferSyntax: '1.2.840.10008.1.2.4.80',
    frame: base64(
      '/9j/9wALEAAHAAgBAREA//gADQH//wASAEMBFABA/9oACAEBAAAAAFgaNTForLj+MKx7L2RlV71XUprGir8JJFT8gFD23sbZ+UqlTayq9fMG0silBeT8m/Ar' +
        'zxOFkE6HSrUqLLMSJETcScUHKlE5kQZjbXH/2Q==',
    ),
  },
  'CT JPEG 2000': {
    transferSyntax: '1.2.840.10008.1.2.4.90',
    frame: base64(
      '/0//UQApAAAAAAAIAAAABwAAAAAAAAAAAAAACAAAAAcAAAAAAAAAAAABjwEB/1IADAAAAAIAAQQEAAH/XAAHQICIiJD/ZAAlAAFDcmVhdGVkIGJ5IE9wZW5K' +
        'UEVHIHZlcnNpb24gMi41LjD/kAAKAAAAAABqAAH/k8AY4BOkaaqhnjLAHRYAcKAcdIwYxAPWIMMH/cGgor/Mu3Y6AX8m4iZFb/3iH2hUAPzDwC2Xi/eOB5YxOdeu' +
        'rXZ3yN/C92KNch8WtZ6fGRnD45mQMithyq/imm6b/9k=',
    ),
  },
};

/** Two segments, the high bytes first, each with runs of equal bytes counted and the rest as it is. */
function rleFrame(values: Int16Array): Uint8Array {
  const segments = [8, 0].map((shift) => packed(Array.from(values, (value) => (value >> shift) & 0xff)));
  const header = Buffer.alloc(64);
  header.writeUInt32LE(2, 0);
  header.writeUInt32LE(64, 4);
  header.writeUInt32LE(64 + segments[0].length, 8);
  return Buffer.concat([header, ...segments]);
}

function packed(bytes: readonly number[]): Buffer {
  const out: number[] = [];
  let at = 0;
  const runAt = (start: number) => {
    let end = start;
    while (end < bytes.length && bytes[end] === bytes[start]) end++;
    return end - start;
  };
  while (at < bytes.length) {
    const run = runAt(at);
    if (run > 1) {
      out.push(257 - run, bytes[at]);
      at += run;
      continue;
    }
    let end = at;
    while (end < bytes.length && runAt(end) === 1) end++;
    out.push(end - at - 1, ...bytes.slice(at, end));
    at = end;
  }
  return Buffer.from(out.length % 2 === 0 ? out : [...out, 128]);
}
