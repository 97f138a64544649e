import { Failure } from '../failure.ts';
import { readNifti } from './nifti.ts';
import { niftiHeaderLength, niftiVersion } from './nifti-header.ts';
import { readNrrd } from './nrrd.ts';
import { isNrrd } from './nrrd-header.ts';
import { isGzip } from './stored-data.ts';
import type { ReadOptions, Volume } from './volume.ts';

export type ImageFormat = 'NIFTI1' | 'NIFTI2' | 'NRRD';

export interface DecodedImage {
  readonly volume: Volume;
  readonly format: ImageFormat;
}

export interface ReadImageOptions extends ReadOptions {
  /** The name that the user knows the file by; failures call it so, and its extension must not belie the content. */
  readonly fileName: string;
}

/** What a file is by its first bytes. */
interface Content {
  readonly format: ImageFormat;
  readonly gzip: boolean;
}

/** Extensions that promise a content, as the user writes them. */
const extensions: Readonly<Record<string, (content: Content) => boolean>> = {
  '.nii.gz': ({ format, gzip }) => format !== 'NRRD' && gzip,
  '.nii': ({ format, gzip }) => format !== 'NRRD' && !gzip,
  '.nrrd': ({ format }) => format === 'NRRD',
  ...Object.fromEntries(
    ['.dcm', '.ima', '.mha', '.mhd', '.mgz', '.png', '.jpg', '.zip', '.csv'].map(
      (extension) => [extension, () => false] as const,
    ),
  ),
};

/**
 * Reads a volume of any format that is read, decided by its content (NIfTI-1 and -2, plain or gzipped; NRRD).
 *
 * Every failure names the file, in its message and as `details.file`. Beside those of `readNifti` and `readNrrd` it throws
 * `FILE_FORMAT_UNKNOWN` where the content is none of these and `FILE_FORMAT_MISMATCH` where the extension says another.
 */
export function readImage(bytes: Uint8Array, { fileName, ...options }: ReadImageOptions): DecodedImage {
  try {
    const content = identify(bytes, options);
    requireExtension(fileName, content);
    const volume = content.format === 'NRRD' ? readNrrd(bytes, options) : readNifti(bytes, options);
    return { volume, format: content.format };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, `${fileName}: ${error.message}`, { ...error.details, file: fileName });
  }
}

function identify(bytes: Uint8Array, { inflate }: ReadOptions): Content {
  if (bytes.length === 0) throw new Failure('FILE_TRUNCATED', 'the file is empty', { found: 0 });
  const gzip = isGzip(bytes);
  const start = gzip ? inflate(bytes, niftiHeaderLength[2], 'prefix') : bytes;
  const version = niftiVersion(start);
  if (version !== null) return { format: version === 1 ? 'NIFTI1' : 'NIFTI2', gzip };
  if (isNrrd(start)) {
    if (!gzip) return { format: 'NRRD', gzip };
    throw new Failure(
      'FILE_UNSUPPORTED',
      'an NRRD file gzipped as a whole is not read; its own "encoding: gzip" is',
    );
  }
  throw new Failure('FILE_FORMAT_UNKNOWN', 'the content is neither NIfTI-1, NIfTI-2 nor NRRD');
}

function requireExtension(fileName: string, content: Content): void {
  const name = fileName.toLowerCase();
  const extension = Object.keys(extensions).find((ending) => name.endsWith(ending));
  if (extension === undefined || extensions[extension](content)) return;
  const found = `${content.gzip ? 'gzipped ' : ''}${content.format}`;
  throw new Failure('FILE_FORMAT_MISMATCH', `the name ends in ${extension}, but the content is ${found}`, {
    extension,
    format: content.format,
    gzip: content.gzip,
  });
}
