import { Failure } from '../../failure.ts';

/** How the frames of an image are coded; null: in a way that is not decoded. */
export type PixelCoding = 'native' | 'RLE' | 'JPEG lossless' | 'JPEG-LS' | 'JPEG 2000' | null;

export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly explicit: boolean;
  readonly littleEndian: boolean;
  /** The data set is deflated as a whole. */
  readonly deflated: boolean;
  readonly pixels: PixelCoding;
}

const prefix = '1.2.840.10008.1.2';

/** What follows the prefix, the name, and how frames are coded. */
const compressed: readonly (readonly [string, string, PixelCoding])[] = [
  ['.4.50', 'JPEG Baseline (Process 1)', null],
  ['.4.51', 'JPEG Extended (Process 2 & 4)', null],
  ['.4.57', 'JPEG Lossless, Non-Hierarchical (Process 14)', 'JPEG lossless'],
  ['.4.70', 'JPEG Lossless, Non-Hierarchical, First-Order Prediction', 'JPEG lossless'],
  ['.4.80', 'JPEG-LS Lossless', 'JPEG-LS'],
  ['.4.81', 'JPEG-LS Lossy (Near-Lossless)', 'JPEG-LS'],
  ['.4.90', 'JPEG 2000 (Lossless Only)', 'JPEG 2000'],
  ['.4.91', 'JPEG 2000', 'JPEG 2000'],
  ['.4.92', 'JPEG 2000 Part 2 Multi-component (Lossless Only)', null],
  ['.4.93', 'JPEG 2000 Part 2 Multi-component', null],
  ['.4.94', 'JPIP Referenced', null],
  ['.4.95', 'JPIP Referenced Deflate', null],
  ['.4.100', 'MPEG2 Main Profile / Main Level', null],
  ['.4.101', 'MPEG2 Main Profile / High Level', null],
  ['.4.102', 'MPEG-4 AVC/H.264 High Profile / Level 4.1', null],
  ['.4.103', 'MPEG-4 AVC/H.264 BD-compatible', null],
  ['.4.107', 'HEVC/H.265 Main Profile / Level 5.1', null],
  ['.4.108', 'HEVC/H.265 Main 10 Profile / Level 5.1', null],
  ['.4.110', 'JPEG XL Lossless', null],
  ['.4.111', 'JPEG XL JPEG Recompression', null],
  ['.4.112', 'JPEG XL', null],
  ['.4.201', 'High-Throughput JPEG 2000 (Lossless Only)', null],
  ['.4.202', 'High-Throughput JPEG 2000 with RPCL (Lossless Only)', null],
  ['.4.203', 'High-Throughput JPEG 2000', null],
  ['.5', 'RLE Lossless', 'RLE'],
  ['.8.1', 'Deflated Image Frame Compression', null],
];

const plain = { explicit: true, littleEndian: true, deflated: false } as const;

const syntaxes = new Map<string, TransferSyntax>(
  [
    { ...plain, uid: prefix, name: 'Implicit VR Little Endian', explicit: false, pixels: 'native' as const },
    { ...plain, uid: `${prefix}.1`, name: 'Explicit VR Little Endian', pixels: 'native' as const },
    {
      ...plain,
      uid: `${prefix}.1.99`,
      name: 'Deflated Explicit VR Little Endian',
      deflated: true,
      pixels: 'native' as const,
    },
    {
      ...plain,
      uid: `${prefix}.2`,
      name: 'Explicit VR Big Endian',
      littleEndian: false,
      pixels: 'native' as const,
    },
    ...compressed.map(([suffix, name, pixels]) => ({ ...plain, uid: `${prefix}${suffix}`, name, pixels })),
  ].map((syntax) => [syntax.uid, syntax]),
);

/** The transfer syntax of a UID (DICOM PS3.6, annex A). Throws `FILE_UNSUPPORTED` for one that is not known. */
export function transferSyntax(uid: string): TransferSyntax {
  const found = syntaxes.get(uid);
  if (found !== undefined) return found;
  throw new Failure('FILE_UNSUPPORTED', `the transfer syntax ${uid} is not known`, { transferSyntax: uid });
}

/** Throws `FILE_UNSUPPORTED`, by the name of the syntax, where frames coded in it are not decoded. */
export function requireDecodable({ uid, name, pixels }: TransferSyntax): Exclude<PixelCoding, null> {
  if (pixels !== null) return pixels;
  throw new Failure('FILE_UNSUPPORTED', `images compressed as ${name} are not read`, {
    transferSyntax: uid,
    name,
  });
}
