import { Failure } from '../../failure.ts';

/**
 * One frame of RLE Lossless (DICOM PS3.5, annex G): its samples, the lowest byte of each first. `count` samples of `width` bytes
 * each; the frame must hold exactly that, but for padding behind the last run.
 *
 * Throws `FILE_CORRUPT`, or `FILE_TRUNCATED` where a segment ends too early.
 */
export function decodeRle(frame: Uint8Array, count: number, width: number): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 64) {
    throw new Failure(
      'FILE_TRUNCATED',
      `a frame of RLE data has ${frame.length} bytes, its header alone 64`,
      {
        found: frame.length,
      },
    );
  }
  const segments = view.getUint32(0, true);
  if (segments !== width) {
    throw new Failure('FILE_CORRUPT', `a frame of RLE data has ${segments} segments, not ${width}`, {
      found: segments,
      expected: width,
    });
  }
  const samples = new Uint8Array(count * width);
  for (let segment = 0; segment < segments; segment++) {
    const start = view.getUint32(4 + 4 * segment, true);
    const end = segment + 1 < segments ? view.getUint32(8 + 4 * segment, true) : frame.length;
    if (start < 64 || start > end || end > frame.length) {
      throw new Failure('FILE_CORRUPT', `segment ${segment} of RLE data runs from byte ${start} to ${end}`, {
        segment,
        offset: start,
      });
    }
    // The first segment holds the highest bytes.
    decodeSegment(frame.subarray(start, end), samples, width - 1 - segment, width, segment);
  }
  return samples;
}

/** PackBits: a byte n below 128 is followed by n + 1 bytes as they are, one above by a byte that counts 257 − n times. */
function decodeSegment(
  data: Uint8Array,
  samples: Uint8Array,
  first: number,
  width: number,
  segment: number,
): void {
  let at = first;
  let position = 0;
  while (at < samples.length) {
    if (position >= data.length) truncated(segment);
    const control = data[position++];
    if (control === 128) continue;
    const repeated = control > 128;
    const length = repeated ? 257 - control : control + 1;
    if (position + (repeated ? 1 : length) > data.length) truncated(segment);
    if (at + (length - 1) * width >= samples.length) {
      throw new Failure('FILE_CORRUPT', `segment ${segment} of RLE data holds more than the frame`, {
        segment,
      });
    }
    for (let n = 0; n < length; n++) {
      samples[at] = data[repeated ? position : position + n];
      at += width;
    }
    position += repeated ? 1 : length;
  }
}

function truncated(segment: number): never {
  throw new Failure('FILE_TRUNCATED', `segment ${segment} of RLE data ends before the frame is full`, {
    segment,
  });
}
