import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dicomBytes } from '../../../../test/support/dicom-bytes.ts';
import { ctFields, inflateRaw } from '../../../../test/support/dicom-series.ts';
import { failureOf } from '../../../../test/support/failure-of.ts';
import { itemsOf, number, numbers, text, texts } from './data-set.ts';
import { parseDicom } from './parse-dicom.ts';

const implicit = '1.2.840.10008.1.2';
const explicit = '1.2.840.10008.1.2.1';
const deflated = '1.2.840.10008.1.2.1.99';
const bigEndian = '1.2.840.10008.1.2.2';

const fields = ctFields(2, {
  SpecificCharacterSet: 'ISO_IR 192',
  SeriesDescription: 'Leber portalvenös',
  ImageType: 'ORIGINAL\\PRIMARY\\AXIAL',
  StructureSetROISequence: [
    { ROINumber: '1', ROIName: 'größer' },
    { ROINumber: '2', ContourSequence: [{ ContourData: '1\\2.5\\-3e1' }] },
  ],
});
const parse = (bytes: Uint8Array) => parseDicom(bytes, { fileName: 'a.dcm', inflateRaw });

/** The head of an element under explicit VR in little endian. */
const head = (tag: number, vr: string, length: number) => {
  const long = ['OB', 'SQ', 'UN', 'OW'].includes(vr);
  const bytes = Buffer.alloc(long ? 12 : 8);
  bytes.writeUInt16LE(tag >>> 16, 0);
  bytes.writeUInt16LE(tag & 0xffff, 2);
  bytes.write(vr, 4, 'latin1');
  if (long) bytes.writeUInt32LE(length, 8);
  else bytes.writeUInt16LE(length, 6);
  return bytes;
};
const withTail = (...tail: Uint8Array[]) =>
  new Uint8Array(Buffer.concat([dicomBytes({ Modality: 'CT' }), ...tail]));

describe('parseDicom', () => {
  it.each(
    [implicit, explicit, deflated, bigEndian].flatMap((syntax) =>
      [false, true].map((open) => [syntax, open] as const),
    ),
  )('reads %s, of undefined length: %s', (transferSyntax, undefinedLengths) => {
    const { dataSet, transferSyntax: syntax } = parse(
      dicomBytes(fields, { transferSyntax, undefinedLengths }),
    );
    expect(syntax.uid).toBe(transferSyntax);
    expect(texts(dataSet, 'ImageType')).toEqual(['ORIGINAL', 'PRIMARY', 'AXIAL']);
    expect(text(dataSet, 'SeriesDescription')).toBe('Leber portalvenös');
    expect(numbers(dataSet, 'ImagePositionPatient')).toEqual([-10, 20, 36]);
    expect(number(dataSet, 'Rows')).toBe(4);
    const items = itemsOf(dataSet, 'StructureSetROISequence');
    expect(items.map((item) => number(item, 'ROINumber'))).toEqual([1, 2]);
    expect(text(items[0], 'ROIName')).toBe('größer');
    const [contour] = itemsOf(items[1], 'ContourSequence');
    expect(numbers(contour, 'ContourData')).toEqual([1, 2.5, -30]);
  });

  it('reads the items of a sequence of unknown type, and takes what only looks like one for bytes', () => {
    const item = Buffer.from([0xfe, 0xff, 0, 0xe0, 10, 0, 0, 0, 8, 0, 0x60, 0, 2, 0, 0, 0, 0x43, 0x54]);
    const { dataSet } = parse(withTail(head(0x30060020, 'UN', item.length), item));
    expect(text(itemsOf(dataSet, 'StructureSetROISequence')[0], 'Modality')).toBe('CT');
    item[4] = 8;
    const broken = parse(withTail(head(0x30060020, 'UN', item.length), item));
    expect(broken.dataSet.elements.get(0x30060020)?.value).toHaveLength(item.length);
  });

  it('names the file, the tag and the place of what is wrong', () => {
    const failure = failureOf(() => parse(withTail(head(0x00280010, 'US', 400), Buffer.alloc(4))));
    expect(failure.code).toBe('FILE_TRUNCATED');
    expect(failure.message).toBe(
      'a.dcm: (0028,0010) Rows at byte 190 announces 400 bytes, but the file ends after 4',
    );
    expect(failure.details).toMatchObject({ file: 'a.dcm', tag: '(0028,0010) Rows', offset: 190 });
  });

  const itemHead = Buffer.from([0xfe, 0xff, 0, 0xe0, 0xff, 0xff, 0xff, 0xff]);
  it.each<[string, string, Uint8Array]>([
    ['nothing', 'FILE_TRUNCATED', new Uint8Array()],
    ['text', 'FILE_FORMAT_UNKNOWN', Buffer.alloc(500, 'abc')],
    ['an unknown value representation', 'FILE_CORRUPT', withTail(head(0x00280010, 'ZZ', 2), Buffer.alloc(2))],
    ['an element that comes twice', 'FILE_CORRUPT', withTail(head(0x00080060, 'CS', 2), Buffer.from('MR'))],
    ['half an element', 'FILE_TRUNCATED', withTail(Buffer.from([8, 0, 1, 2]))],
    ['an item outside of a sequence', 'FILE_CORRUPT', withTail(itemHead)],
    ['a sequence without end', 'FILE_TRUNCATED', withTail(head(0x00081140, 'SQ', 0xffffffff), itemHead)],
    ['bytes of no length', 'FILE_CORRUPT', withTail(head(0x00420011, 'OB', 0xffffffff))],
    [
      'an element longer than its item',
      'FILE_CORRUPT',
      withTail(
        head(0x00081140, 'SQ', 16),
        Buffer.from([0xfe, 0xff, 0, 0xe0, 8, 0, 0, 0]),
        head(0x00080060, 'CS', 9),
        Buffer.alloc(50, 32),
      ),
    ],
    [
      'sequences without bottom',
      'FILE_CORRUPT',
      withTail(
        ...Array.from({ length: 50_000 }, () =>
          Buffer.concat([head(0x00081140, 'SQ', 0xffffffff), itemHead]),
        ),
      ),
    ],
  ])('refuses %s', (_, code, bytes) => {
    expect(failureOf(() => parse(bytes)).code).toBe(code);
  });

  it('refuses a transfer syntax that is not known, or missing', () => {
    const failure = failureOf(() => parse(dicomBytes(fields, { transferSyntax: '1.2.3' })));
    expect(failure.code).toBe('FILE_UNSUPPORTED');
    expect(failure.details.transferSyntax).toBe('1.2.3');
    const bytes = dicomBytes(fields).slice();
    bytes[146] ^= 1; // the element number of TransferSyntaxUID
    expect(failureOf(() => parse(bytes)).message).toContain('(0002,0010) TransferSyntaxUID is missing');
  });

  it('refuses a bomb, and more elements than a file can mean', () => {
    const zeros = dicomBytes({ PixelData: new Uint8Array(2 ** 24) }, { transferSyntax: deflated });
    expect(
      failureOf(() => parseDicom(zeros, { fileName: 'a.dcm', inflateRaw, maxInflatedBytes: 2 ** 20 })).code,
    ).toBe('FILE_TOO_LARGE');
    const many = Buffer.alloc(8 * (2 ** 19 + 1));
    for (let n = 0; n <= 2 ** 19; n++) {
      many.writeUInt16LE(0x3000 + (n >>> 16), 8 * n);
      many.writeUInt16LE(n & 0xffff, 8 * n + 2);
    }
    const start = dicomBytes({}, { transferSyntax: implicit });
    expect(failureOf(() => parse(new Uint8Array(Buffer.concat([start, many])))).code).toBe('FILE_TOO_LARGE');
  });

  it.each([implicit, explicit, deflated, bigEndian])(
    'reads or refuses %s cut off anywhere',
    (transferSyntax) => {
      const bytes = dicomBytes(fields, { transferSyntax, undefinedLengths: true });
      for (let length = 0; length < bytes.length; length++) {
        try {
          parse(bytes.subarray(0, length));
        } catch (error) {
          expect(error).toMatchObject({ name: 'Failure', code: expect.stringMatching(/^FILE_/) });
        }
      }
    },
  );

  it('gives a data set or a failure, whatever bytes are changed', () => {
    const sound = [implicit, explicit, deflated, bigEndian].flatMap((transferSyntax) =>
      [false, true].map((undefinedLengths) => dicomBytes(fields, { transferSyntax, undefinedLengths })),
    );
    const change = fc.tuple(fc.nat(5000), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(
        fc.constantFrom(...sound),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        (bytes, changes) => {
          const changed = Uint8Array.from(bytes);
          for (const [at, value] of changes) changed[132 + (at % (changed.length - 132))] = value;
          try {
            expect(parse(changed).dataSet.elements.size).toBeLessThan(100);
          } catch (error) {
            expect(error).toMatchObject({ name: 'Failure', details: { file: 'a.dcm' } });
          }
        },
      ),
      { seed: 5, numRuns: 4000 },
    );
  });
});

describe('values', () => {
  it.each<[string, Parameters<typeof ctFields>[1]]>([
    ['is "abc", not a number', { PixelSpacing: '1\\abc' }],
    ['is "1e999", not a number', { PixelSpacing: '1\\1e999' }],
  ])('%s', (message, changed) => {
    const { dataSet } = parse(dicomBytes(ctFields(0, changed)));
    expect(failureOf(() => numbers(dataSet, 'PixelSpacing')).message).toContain(message);
  });

  it('refuses another value representation', () => {
    const bytes = dicomBytes({}, { raw: [{ tag: 0x00280010, vr: 'LO', value: '512' }] });
    expect(failureOf(() => number(parse(bytes).dataSet, 'Rows')).message).toBe(
      '(0028,0010) Rows has the value representation LO, not US',
    );
  });
});
