import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { DicomFields, RawElement } from '../../../../test/support/dicom-bytes.ts';
import { ctFields, dicomFile } from '../../../../test/support/dicom-series.ts';
import { failureOf } from '../../../../test/support/failure-of.ts';
import { confidentialityProfile } from './confidentiality-profile.ts';
import { type DataSet, itemsOf, text } from './data-set.ts';
import { dateOf, parseDate } from './date-time.ts';
import { deidentify } from './deidentify.ts';
import { scanAttributes } from './scan-attributes.ts';

const secret = (key: string) => (value: string) => createHmac('sha256', key).update(value).digest();
const digest = secret('a');
const identity = 'Mustermann';

const raw: RawElement[] = [
  { tag: 0x00080020, vr: 'DA', value: '20200228' }, // StudyDate
  { tag: 0x00080030, vr: 'TM', value: '101112.5' }, // StudyTime
  { tag: 0x00080050, vr: 'SH', value: identity }, // AccessionNumber
  { tag: 0x00080080, vr: 'LO', value: identity }, // InstitutionName
  { tag: 0x00081030, vr: 'LO', value: identity }, // StudyDescription
  { tag: 0x00090010, vr: 'LO', value: identity }, // private
  { tag: 0x00100030, vr: 'DA', value: '19500101' }, // PatientBirthDate
  { tag: 0x00101010, vr: 'AS', value: '070Y' }, // PatientAge
  { tag: 0x00181000, vr: 'LO', value: identity }, // DeviceSerialNumber
  { tag: 0x00200010, vr: 'SH', value: identity }, // StudyID
  { tag: 0x60003000, vr: 'OW', value: new Uint8Array(4) },
  { tag: 0x60024000, vr: 'LT', value: identity },
];
const fields: DicomFields = ctFields(0, {
  PatientName: identity,
  PatientID: identity,
  Manufacturer: 'ACME',
  ManufacturerModelName: 'Scan 5',
  KVP: '120',
  ConvolutionKernel: 'B30f',
  SeriesDescription: `Leber portal-venous ${identity}`,
  ProtocolName: identity,
  ContrastBolusAgent: identity,
  StructureSetROISequence: [{ ROINumber: '1', ROIName: 'GTV', ReferencedFrameOfReferenceUID: '1.9' }],
  DerivationImageSequence: [{ SourceImageSequence: [{ ReferencedSOPInstanceUID: '1.2.3.0' }] }],
});

const syntaxes = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2'];
const dataSetOf = (transferSyntax: string, changed: DicomFields = {}) =>
  dicomFile({ ...fields, ...changed }, 'a.dcm', { transferSyntax, raw }).dataSet;
const options = { digest, subject: 'P-001' };

/** Every byte of every value, at any depth, as text. */
const allText = ({ elements }: DataSet): string =>
  [...elements.values()]
    .map(({ value, items }) => Buffer.from(value).toString('latin1') + (items ?? []).map(allText).join(''))
    .join('\n');

describe('deidentify', () => {
  it.each(syntaxes)('leaves nothing of the person under %s', (syntax) => {
    const original = dataSetOf(syntax);
    expect(allText(original).split(identity).length - 1).toBeGreaterThan(8);
    const { dataSet, removed, replaced } = deidentify(original, options);
    const left = allText(dataSet);
    for (const trace of [identity, '20200228', '101112', '19500101', '070Y', '1.2.3.0']) {
      expect(left).not.toContain(trace);
    }
    expect(removed).toEqual(
      expect.arrayContaining(['(0008,1030)', '(0009,0010)', '(0010,1010)', '(6000,3000)', '(6002,4000)']),
    );
    expect(replaced).toEqual(
      expect.arrayContaining(['(0008,0018) SOPInstanceUID', '(0010,0010) PatientName']),
    );
    expect([text(dataSet, 'PatientName'), text(dataSet, 'PatientID')]).toEqual(['P-001', 'P-001']);
    // What the profile keeps.
    expect(text(dataSet, 'Manufacturer')).toBe('ACME');
    expect(text(dataSet, 'SOPClassUID')).toBe('1.2.840.10008.5.1.4.1.1.2');
    expect(dataSet.elements.get(0x7fe00010)).toBe(original.elements.get(0x7fe00010));
    expect([...dataSet.elements.keys()]).toEqual([...dataSet.elements.keys()].sort((a, b) => a - b));
  });

  it('records what was done', () => {
    const { dataSet, codes } = deidentify(dataSetOf(syntaxes[1]), options);
    expect(codes.map(({ value }) => value)).toEqual(['113100']);
    expect(text(dataSet, 'PatientIdentityRemoved')).toBe('YES');
    expect(text(dataSet, 'LongitudinalTemporalInformationModified')).toBe('REMOVED');
    const [code] = itemsOf(dataSet, 'DeidentificationMethodCodeSequence');
    expect([
      text(code, 'CodeValue'),
      text(code, 'CodingSchemeDesignator'),
      text(code, 'CodeMeaning'),
    ]).toEqual(['113100', 'DCM', 'Basic Application Confidentiality Profile']);
  });

  it('makes the same new UID of the same UID, at any depth, by the secret', () => {
    const { dataSet } = deidentify(dataSetOf(syntaxes[1]), options);
    const uid = text(dataSet, 'SOPInstanceUID');
    expect(uid).toMatch(/^2\.25\.\d{38,39}$/);
    const [source] = itemsOf(itemsOf(dataSet, 'DerivationImageSequence')[0], 'SourceImageSequence');
    expect(text(source, 'ReferencedSOPInstanceUID')).toBe(uid);
    const [roi] = itemsOf(dataSet, 'StructureSetROISequence');
    expect(text(roi, 'ReferencedFrameOfReferenceUID')).toBe(text(dataSet, 'FrameOfReferenceUID'));
    const other = deidentify(dataSetOf(syntaxes[1]), { ...options, digest: secret('b') });
    expect(text(other.dataSet, 'SOPInstanceUID')).not.toBe(uid);
    // A UUID of version 8 and the RFC's variant.
    const hex = BigInt(uid!.slice(5)).toString(16).padStart(32, '0');
    expect([hex[12], '89ab'.includes(hex[16])]).toEqual(['8', true]);
  });

  it('moves dates of the study by whole days, where that is asked for, and no birthday', () => {
    const { dataSet, codes } = deidentify(dataSetOf(syntaxes[1]), { ...options, shiftDays: 2 });
    expect(Buffer.from(dataSet.elements.get(0x00080020)!.value).toString()).toBe('20200301');
    expect(Buffer.from(dataSet.elements.get(0x00080030)!.value).toString()).toBe('101112.5');
    expect(allText(dataSet)).not.toMatch(/1950010|19500103/);
    expect(codes.map(({ value }) => value)).toEqual(['113100', '113107']);
    expect(text(dataSet, 'LongitudinalTemporalInformationModified')).toBe('MODIFIED');
    expect(failureOf(() => deidentify(dataSet, { ...options, shiftDays: 0.5 })).code).toBe(
      'ARGUMENT_INVALID',
    );
  });

  it('refuses pixels that bear annotations', () => {
    expect(
      failureOf(() => deidentify(dataSetOf(syntaxes[1], { BurnedInAnnotation: 'YES' }), options)).code,
    ).toBe('FILE_UNSUPPORTED');
  });

  it('has each attribute of the profile once', () => {
    const tags = confidentialityProfile.flatMap((row) => row.tags.trim().split(/\s+/));
    expect(tags.every((tag) => /^[0-9a-f]{8}$/.test(tag))).toBe(true);
    expect(new Set(tags).size).toBe(tags.length);
    expect(tags.length).toBe(652);
  });
});

describe('dates', () => {
  it('go to a day number and back', () => {
    for (const date of ['18991231', '19000228', '19000301', '20000229', '20001231', '20240101', '21000301']) {
      expect(dateOf(parseDate(date)!)).toBe(date);
    }
    expect(parseDate('20240101')! - parseDate('20230101')!).toBe(365);
    expect(dateOf(parseDate('20240228')! + 2)).toBe('20240301');
    expect(parseDate('20241301')).toBeNull();
  });
});

describe('scanAttributes', () => {
  it('gives what was acquired, and no free text', () => {
    const attributes = scanAttributes(dataSetOf(syntaxes[0]));
    expect(attributes).toMatchObject({
      modality: 'CT',
      manufacturer: 'ACME',
      model: 'Scan 5',
      tubeVoltage: 120,
      sliceThickness: 3,
      convolutionKernel: 'B30f',
      contrastAgent: true,
      contrastPhase: 'PORTAL_VENOUS',
      echoTime: null,
      injectedDose: null,
    });
    expect(JSON.stringify(attributes)).not.toContain(identity);
  });

  it.each([
    ['Abdomen_ARTERIELL 2.0', 'ARTERIAL'],
    ['liver delayed 3min', 'DELAYED'],
    ['t1 vibe HBP 20 min', 'HEPATOBILIARY'],
    ['Abd non-contrast', 'NATIVE'],
    ['PV phase', 'PORTAL_VENOUS'],
    ['venous phase', 'VENOUS'],
    ['topogram', null],
  ])('hears in "%s" the phase %s', (SeriesDescription, phase) => {
    expect(scanAttributes(dataSetOf(syntaxes[1], { SeriesDescription })).contrastPhase).toBe(phase);
  });

  it('leaves out what is malformed', () => {
    expect(scanAttributes(dataSetOf(syntaxes[1], { KVP: 'abc', Manufacturer: 'a\nb' }))).toMatchObject({
      tubeVoltage: null,
      manufacturer: null,
    });
  });
});
