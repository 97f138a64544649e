import { Failure } from '../../failure.ts';

/** What a compressed frame says of itself. */
export interface CodestreamSize {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
  readonly bits: number;
}

/**
 * Rows, columns, components and bits that the header of a compressed frame announces, so that they are known to be the
 * image's before a decoder takes memory for them: JPEG and JPEG-LS (the frame header SOFn, ITU-T T.81 B.2.2, T.87 C.2.2) and
 * JPEG 2000 (the marker SIZ, ITU-T T.800 A.5.1). A frame must end with the mark of its end (EOI, EOC), but for zeros behind it: of what
 * is cut off, decoders make voxels up.
 *
 * Throws `FILE_CORRUPT` where there is no such header, `FILE_TRUNCATED` where there is no such end.
 */
export function codestreamSize(frame: Uint8Array): CodestreamSize {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const start = frame.length >= 4 ? view.getUint32(0) : 0;
  const isJpeg2000 = start === 0xff4fff51;
  if (isJpeg2000 || start >>> 16 === 0xffd8) {
    const size = isJpeg2000 ? jpeg2000Size(view) : jpegSize(view);
    requireEnd(frame);
    return size;
  }
  throw new Failure('FILE_CORRUPT', 'a compressed frame begins with no marker of JPEG, JPEG-LS or JPEG 2000');
}

function requireEnd(frame: Uint8Array): void {
  let end = frame.length;
  while (frame[end - 1] === 0) end--;
  if (frame[end - 2] === 0xff && frame[end - 1] === 0xd9) return;
  throw new Failure('FILE_TRUNCATED', 'a compressed frame ends without the mark of its end', {
    found: frame.length,
  });
}

function jpeg2000Size(view: DataView): CodestreamSize {
  if (view.byteLength < 43) truncated();
  const [right, bottom, left, top] = [8, 12, 16, 20].map((at) => view.getUint32(at));
  const [tileColumns, tileRows] = [24, 28].map((at) => view.getUint32(at));
  const columns = right - left;
  const rows = bottom - top;
  // Every tile costs a decoder memory, however small.
  if (tileColumns * tileRows * 65_535 < columns * rows) {
    throw new Failure('FILE_CORRUPT', `a JPEG 2000 frame has tiles of ${tileColumns} × ${tileRows}`, {
      tile: [tileColumns, tileRows],
    });
  }
  return { rows, columns, components: view.getUint16(40), bits: (view.getUint8(42) & 0x7f) + 1 };
}

function jpegSize(view: DataView): CodestreamSize {
  let at = 2;
  while (at + 4 <= view.byteLength) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff) break;
    // A byte 0xFF may be repeated before a marker.
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame =
      (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7;
    if (isFrame) {
      if (at + 10 > view.byteLength) break;
      return {
        bits: view.getUint8(at + 4),
        rows: view.getUint16(at + 5),
        columns: view.getUint16(at + 7),
        components: view.getUint8(at + 9),
      };
    }
    at += 2 + view.getUint16(at + 2);
  }
  truncated();
}

function truncated(): never {
  throw new Failure('FILE_CORRUPT', 'a compressed frame has no complete header');
}
