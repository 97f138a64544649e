import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../test/support/failure-of.ts';
import { niftiBytes } from '../../../test/support/nifti-bytes.ts';
import { readImage } from './image.ts';
import type { Inflate } from './volume.ts';

const nifti = niftiBytes();
const nrrd = new TextEncoder().encode(
  'NRRD0004\ntype: uchar\ndimension: 3\nspace: LPS\nsizes: 1 1 2\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nencoding: raw\n\nab',
);
/** Stands for a gzip file of `content`: what it inflates to is decided here. */
const gzip = Uint8Array.of(0x1f, 0x8b, 8);
const inflatesTo =
  (content: Uint8Array): Inflate =>
  (_, maxLength) =>
    content.subarray(0, maxLength);

const read = (fileName: string, bytes: Uint8Array, content: Uint8Array = new Uint8Array()) =>
  readImage(bytes, { fileName, inflate: inflatesTo(content) });

describe('readImage', () => {
  it('tells the formats by their content', () => {
    expect(read('a.nii', nifti).format).toBe('NIFTI1');
    expect(read('a.nii', niftiBytes({ version: 2 })).format).toBe('NIFTI2');
    expect(read('a.nrrd', nrrd)).toMatchObject({ format: 'NRRD', volume: { voxels: Uint8Array.of(97, 98) } });
    expect(
      read('a.nii.gz', new Uint8Array(352).fill(0).fill(0x1f, 0, 1).fill(0x8b, 1, 2), nifti).format,
    ).toBe('NIFTI1');
  });

  it.each(['a.NII', 'no extension', 'a.bin', 'ab12cd'])('lets the content decide for "%s"', (name) => {
    expect(read(name, nifti).format).toBe('NIFTI1');
  });

  it.each<[string, Uint8Array, Uint8Array]>([
    ['a.nii.gz', nifti, nifti],
    ['a.nrrd', nifti, nifti],
    ['a.nii', gzip, nifti],
    ['a.nii', nrrd, nrrd],
    ['a.nii.gz', nrrd, nrrd],
    ['a.dcm', nifti, nifti],
    ['A.MHA', nrrd, nrrd],
  ])('refuses a name that belies its content: %s', (name, bytes, content) => {
    const failure = failureOf(() => read(name, bytes, content));
    expect(failure.code).toBe('FILE_FORMAT_MISMATCH');
    expect(failure.details.file).toBe(name);
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(), 'FILE_TRUNCATED'],
    ['one byte', Uint8Array.of(0x1f), 'FILE_FORMAT_UNKNOWN'],
    ['text', new TextEncoder().encode('patient,time\n1,2\n'), 'FILE_FORMAT_UNKNOWN'],
    [
      'a DICOM file',
      Uint8Array.from({ length: 400 }, (_, n) => 'DICM'.charCodeAt(n - 128) || 0),
      'FILE_FORMAT_UNKNOWN',
    ],
  ])('refuses %s', (_, bytes, code) => {
    expect(failureOf(() => read('a.nii', bytes)).code).toBe(code);
  });

  it('refuses an NRRD file gzipped as a whole', () => {
    expect(failureOf(() => read('a.nrrd.gz', gzip, nrrd)).code).toBe('FILE_UNSUPPORTED');
  });

  it('names the file in the failures of the readers', () => {
    const failure = failureOf(() => read('patient 7.nii', niftiBytes({ datatype: 128 })));
    expect(failure.message).toBe('patient 7.nii: voxels of type RGB24 are not read, only real scalars');
    expect(failure.details).toEqual({ field: 'datatype', value: 128, file: 'patient 7.nii' });
  });
});
