import { gunzipSync, gzipSync } from 'node:zlib';
import { type Random, random } from '../../src/engine/statistics/random.ts';
import { dicomBytes } from '../support/dicom-bytes.ts';
import { byteMutations, type Mutated, type Mutation, pick } from './byte-mutations.ts';
import { compressedSlices } from './compressed-frames.ts';
import { dicomField, dicomFrame, dicomLength } from './dicom-mutations.ts';
import { gzipped, niftiField, nrrdField } from './field-mutations.ts';
import { bomb, gzipMutations } from './gzip-mutations.ts';
import { segmentationFields, structureFields } from './seed-annotations.ts';
import { type SeriesName, seriesArchive, sliceFields } from './seed-series.ts';
import { type VolumeFormat, volumeFile } from './seed-volumes.ts';

export const volumeFormats = ['NIfTI-1', 'NIfTI gzip', 'NRRD', 'NIfTI-2', 'NRRD gzip'] as const;
export const compressedFormats = ['CT RLE', 'CT JPEG lossless', 'CT JPEG-LS', 'CT JPEG 2000'] as const;
export const formats = [
  ...volumeFormats,
  ...(['CT', 'RTSTRUCT', 'SEG', 'MR', 'PET', 'ZIP of CT'] as const),
  ...compressedFormats,
] as const;
export type Format = (typeof formats)[number];

/** What the mutated file is read as: one of a pair, a slice among others, what is drawn on a series, or an archive of one. */
export type Role = 'image' | 'mask' | 'slice' | 'contours' | 'segments' | 'archive';

/** A mutated file, which its seed and number alone determine. */
export interface FuzzCase extends Mutated {
  readonly seed: number;
  readonly number: number;
  readonly format: Format;
  readonly role: Role;
  /** The sound series that DICOM files are read with. */
  readonly series: SeriesName;
  /** The class of mutation. */
  readonly mutation: string;
  /** The name under which it is read and uploaded. */
  readonly name: string;
  /** Filtered images, too, are asked for. */
  readonly filtered: boolean;
}

/** The formats take turns; all else is drawn. */
export function fuzzCase(seed: number, number: number): FuzzCase {
  const draw = random(seed, 'fuzz', number);
  const format = formats[number % formats.length];
  const made = isVolume(format) ? volumeCase(format, draw) : dicomCase(format, draw);
  return { seed, number, format, filtered: draw.integer(8) === 0, ...made };
}

type Made = Pick<FuzzCase, 'role' | 'series' | 'mutation' | 'name' | 'bytes' | 'what'>;

const isVolume = (format: Format): format is VolumeFormat =>
  (volumeFormats as readonly Format[]).includes(format);

function volumeCase(format: VolumeFormat, draw: Random): Made {
  const role = draw.integer(3) === 0 ? 'mask' : 'image';
  const type =
    role === 'mask'
      ? pick(draw, ['uchar', 'short', 'float'] as const)
      : pick(draw, ['short', 'uchar', 'float', 'double', 'int'] as const);
  const isGzip = format === 'NIfTI gzip';
  const plain = volumeFile(format, role, type);
  const donor = volumeFile(format, 'image', 'double');
  const field = format.startsWith('NRRD') ? nrrdField : niftiField(format === 'NIfTI-2' ? 2 : 1);
  // Twice, as it reaches the deepest.
  const own: [string, Mutation][] = [
    ['header fields', field],
    ['header fields', field],
    ['header fields', field],
    ...Object.entries(byteMutations),
  ];
  const mutations: [string, Mutation][] = isGzip
    ? [
        ...own.map(([name, mutation]): [string, Mutation] => [name, gzipped(mutation)]),
        ...Object.entries(gzipMutations).map(([name, mutation]): [string, Mutation] => [
          name,
          compressed(mutation),
        ]),
        ...Object.entries(byteMutations).map(([name, mutation]): [string, Mutation] => [
          `${name}, gzip`,
          compressed(mutation),
        ]),
        ['bomb', (bytes, from) => niftiBomb(bytes, from)],
      ]
    : format === 'NRRD gzip'
      ? [
          ...own,
          ...Object.entries(gzipMutations).map(([name, mutation]): [string, Mutation] => [
            name,
            behindHeader(mutation),
          ]),
        ]
      : own;
  const [mutation, change] = pick(draw, mutations);
  const extension =
    { 'NIfTI-1': 'nii', 'NIfTI-2': 'nii', 'NIfTI gzip': 'nii.gz' }[format as string] ?? 'nrrd';
  return { role, series: 'CT', mutation, name: `mutated.${extension}`, ...change(plain, draw, donor) };
}

const compressed =
  (mutation: Mutation): Mutation =>
  (bytes, draw, donor) =>
    mutation(gzipSync(bytes), draw, donor);

/** On the data of an NRRD file alone. */
function behindHeader(mutation: Mutation): Mutation {
  return (bytes, draw, donor) => {
    const start = Buffer.from(bytes).indexOf('\n\n') + 2;
    const mutated = mutation(bytes.subarray(start), draw, donor);
    return { bytes: Buffer.concat([bytes.subarray(0, start), mutated.bytes]), what: mutated.what };
  };
}

/** A header that announces more or less than follows it, and zeros to 2 GiB. */
function niftiBomb(bytes: Uint8Array, draw: Random): Mutated {
  const copy = Uint8Array.from(bytes);
  const sizes = pick(draw, [
    null,
    [400, 400, 300],
    [512, 512, 61],
    [512, 512, 32],
    [32_767, 32_767, 1],
    [32_767, 32_767, 32_767],
  ]);
  const view = new DataView(copy.buffer);
  for (const [n, size] of (sizes ?? []).entries()) view.setInt16(42 + 2 * n, size, true);
  const mebibytes = pick(draw, [1, 16, 2048]);
  // By itself the header has 16 MiB of 16-bit zeros as it says.
  const start = sizes?.[2] === 32 ? copy.subarray(0, 352) : copy;
  return {
    bytes: bomb(start, mebibytes),
    what: `${mebibytes} MiB of zeros for ${sizes?.join(' × ') ?? 'its size'}`,
  };
}

/** The slice below those of the sound series, which comes last in the folder. */
const lowest = -1;

function dicomCase(format: Exclude<Format, VolumeFormat>, draw: Random): Made {
  if (format === 'ZIP of CT') {
    const [mutation, change] = pick(draw, Object.entries(byteMutations));
    const archive = seriesArchive();
    return {
      role: 'archive',
      series: 'CT',
      mutation,
      name: 'mutated.zip',
      ...change(archive, draw, archive),
    };
  }
  const { role, series, fields, frame } = seedOf(format, draw);
  const coding = frame ? { transferSyntax: frame.transferSyntax, frames: [frame.frame] } : {};
  const field: Mutation = () => dicomField(fields, draw, coding);
  const mutations: [string, Mutation][] = [
    ['header fields', field],
    ['header fields', field],
    ['header fields', field],
    ['header fields', field],
    ['element lengths', dicomLength],
    ...Object.entries(byteMutations),
  ];
  if (frame) for (let n = 0; n < 6; n++) mutations.push(['frames', () => dicomFrame(fields, draw, frame)]);
  const [mutation, change] = pick(draw, mutations);
  return {
    role,
    series,
    mutation,
    name: 'mutated.dcm',
    ...change(dicomBytes(fields, coding), draw, dicomBytes(sliceFields(9))),
  };
}

function seedOf(format: Exclude<Format, VolumeFormat | 'ZIP of CT'>, draw: Random) {
  if (format === 'RTSTRUCT' || format === 'SEG') {
    // The MR is oblique.
    const series: SeriesName = draw.integer(3) === 0 ? 'MR' : 'CT';
    if (format === 'RTSTRUCT') return { role: 'contours', series, fields: structureFields(series) } as const;
    const type = draw.integer(4) === 0 ? 'FRACTIONAL' : 'BINARY';
    return { role: 'segments', series, fields: segmentationFields(series, type) } as const;
  }
  if (format === 'CT' || format === 'MR' || format === 'PET')
    return { role: 'slice', series: format, fields: sliceFields(lowest, format) } as const;
  const { PixelData: _, ...fields } = sliceFields(lowest);
  return { role: 'slice', series: 'CT', fields, frame: compressedSlices[format] } as const;
}

/** The content of a file that may be gzipped as a whole; null where it does not inflate. */
export function plainBytes(bytes: Uint8Array): Uint8Array | null {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: 2 ** 28 });
  } catch {
    return null;
  }
}
