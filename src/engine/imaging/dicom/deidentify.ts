import { Failure } from '../../failure.ts';
import { confidentialityProfile, isRemovedGroup, shiftedDates } from './confidentiality-profile.ts';
import { type DataSet, type Element, shorten, text } from './data-set.ts';
import { dateOf, parseDate } from './date-time.ts';
import { dictionary, type Keyword, tagName } from './dictionary.ts';
import { type Digest, dummyValue, encodeText as encode, newUids } from './dummy-value.ts';

export interface DeidentifyOptions {
  /**
   * At least 16 bytes that depend on the text and on a secret, such as HMAC-SHA-256: new UIDs are made of them, the same for the same
   * UID in every file, so that references between files stay whole.
   */
  readonly digest: Digest;
  /** The pseudonym that PatientName and PatientID become. */
  readonly subject: string;
  /** Dates are moved by so many whole days, the same for all files of a patient; without it they are removed. */
  readonly shiftDays?: number;
}

/** A code of DICOM's own scheme (PS3.16, CID 7050). */
export interface CodedConcept {
  readonly value: string;
  readonly scheme: 'DCM';
  readonly meaning: string;
}

export interface Deidentified {
  readonly dataSet: DataSet;
  /** What was applied, as recorded in DeidentificationMethodCodeSequence. */
  readonly codes: readonly CodedConcept[];
  /** Tags of elements that were taken out, and of those whose value was replaced, at any depth. */
  readonly removed: readonly string[];
  readonly replaced: readonly string[];
}

type Action = 'X' | 'Z' | 'D' | 'U';

const basicProfile: CodedConcept = {
  value: '113100',
  scheme: 'DCM',
  meaning: 'Basic Application Confidentiality Profile',
};
const modifiedDates: CodedConcept = {
  value: '113107',
  scheme: 'DCM',
  meaning: 'Retain Longitudinal Temporal Information Modified Dates Option',
};

const actions = new Map<number, { action: Action | 'items'; vr: string }>(
  confidentialityProfile.flatMap(({ action, vr, tags }) =>
    tagsOf(tags).map((tag) => {
      const last = action === 'X/Z/U*' ? 'items' : (action.at(-1) as Action);
      return [tag, { action: last, vr }] as const;
    }),
  ),
);
const shifted = new Set(tagsOf(shiftedDates));

/** Replaced by the subject's pseudonym instead of emptied. */
const subjects: readonly number[] = [dictionary.PatientName[0], dictionary.PatientID[0]];

function tagsOf(text: string): number[] {
  return text
    .trim()
    .split(/\s+/)
    .map((tag) => Number.parseInt(tag, 16));
}

/**
 * De-identifies a data set by the Basic Application Level Confidentiality Profile of DICOM PS3.15, annex E, at every depth of its
 * sequences: each attribute of table E.1-1 is removed, emptied, given a dummy value or a new UID; private attributes, curves and
 * overlays are removed; all else is kept. Of combined codes (X/Z/D) the last is carried out; a sequence that should get a dummy is
 * emptied. UIDs become 2.25.<number of a version 8 UUID>, those that DICOM itself assigns stay. Records PatientIdentityRemoved,
 * DeidentificationMethod and its codes. With `shiftDays` the option of modified dates (113107) applies to the dates of study, series,
 * acquisition and content. Pixels are not looked at: a file that says its pixels bear annotations is refused.
 *
 * Throws `FILE_UNSUPPORTED` for burned-in annotations, `FILE_CORRUPT` for a date that cannot be shifted, `ARGUMENT_INVALID`.
 */
export function deidentify(dataSet: DataSet, options: DeidentifyOptions): Deidentified {
  const { shiftDays } = options;
  if (shiftDays !== undefined && !Number.isSafeInteger(shiftDays)) {
    throw new Failure('ARGUMENT_INVALID', `shiftDays is ${shiftDays}, not a whole number`, {
      field: 'shiftDays',
    });
  }
  if (text(dataSet, 'BurnedInAnnotation') === 'YES') {
    throw new Failure('FILE_UNSUPPORTED', 'the pixels bear annotations (BurnedInAnnotation is YES)', {
      tag: tagName(dictionary.BurnedInAnnotation[0]),
    });
  }
  const log = { removed: new Set<string>(), replaced: new Set<string>() };
  const cleaned = cleanDataSet(dataSet, options, log);
  const codes = shiftDays === undefined ? [basicProfile] : [basicProfile, modifiedDates];
  const elements = new Map(cleaned.elements);
  const record = (keyword: Keyword, value: string) => put(elements, keyword, value);
  record('PatientIdentityRemoved', 'YES');
  record('DeidentificationMethod', 'DICOM PS3.15 2026c Table E.1-1');
  record('LongitudinalTemporalInformationModified', shiftDays === undefined ? 'REMOVED' : 'MODIFIED');
  const [tag, vr] = dictionary.DeidentificationMethodCodeSequence;
  elements.set(tag, {
    tag,
    vr,
    value: new Uint8Array(),
    items: codes.map((code) => codeItem(code, dataSet)),
    fragments: null,
  });
  const sorted = new Map([...elements].sort(([a], [b]) => a - b));
  return {
    dataSet: { ...dataSet, elements: sorted },
    codes,
    removed: [...log.removed].sort(),
    replaced: [...log.replaced].sort(),
  };
}

interface Log {
  readonly removed: Set<string>;
  readonly replaced: Set<string>;
}

function cleanDataSet(dataSet: DataSet, options: DeidentifyOptions, log: Log): DataSet {
  const elements = new Map<number, Element>();
  for (const [tag, element] of dataSet.elements) {
    const kept = cleanElement(element, options, log);
    if (kept === null) log.removed.add(tagName(tag));
    else {
      elements.set(tag, kept);
      if (kept.value !== element.value) log.replaced.add(tagName(tag));
    }
  }
  return { ...dataSet, elements };
}

function cleanElement(element: Element, options: DeidentifyOptions, log: Log): Element | null {
  const { tag } = element;
  if (isRemovedGroup(tag)) return null;
  if (subjects.includes(tag)) return { ...element, value: encode(options.subject), items: null };
  const rule = actions.get(tag);
  if (rule === undefined || rule.action === 'items') {
    if (element.items === null) return element;
    return { ...element, items: element.items.map((item) => cleanDataSet(item, options, log)) };
  }
  if (options.shiftDays !== undefined && shifted.has(tag) && element.items === null) {
    return shiftElement(element, options.shiftDays);
  }
  const empty = {
    ...element,
    value: new Uint8Array(),
    items: element.items === null ? null : [],
    fragments: null,
  };
  switch (rule.action) {
    case 'X':
      return null;
    case 'Z':
      return empty;
    case 'U':
      return element.items === null ? { ...element, value: newUids(element.value, options.digest) } : empty;
    case 'D': {
      const vr = ['', 'UN'].includes(element.vr) ? rule.vr : element.vr;
      return element.items !== null
        ? empty
        : { ...element, value: dummyValue(vr, element.value, options.digest) };
    }
  }
}

function shiftElement(element: Element, days: number): Element {
  const shiftedValues = String.fromCharCode(...element.value.subarray(0, 1024))
    .split('\\')
    .map((padded) => {
      const value = padded.replace(/[ \0]+$/, '');
      // A time of day stays: the shift is by whole days.
      if (value === '' || (/^\d{2}(\d{2}){0,2}(\.\d*)?$/.test(value) && !/^\d{8}/.test(value))) return value;
      const date = parseDate(value);
      if (date !== null) return `${dateOf(date + days)}${value.slice(8)}`;
      throw new Failure(
        'FILE_CORRUPT',
        `${tagName(element.tag)} is "${shorten(value)}", not a date that can be shifted`,
        {
          tag: tagName(element.tag),
        },
      );
    });
  return { ...element, value: encode(shiftedValues.join('\\')) };
}

function put(elements: Map<number, Element>, keyword: Keyword, value: string): void {
  const [tag, vr] = dictionary[keyword];
  elements.set(tag, { tag, vr, value: encode(value), items: null, fragments: null });
}

function codeItem({ value, scheme, meaning }: CodedConcept, { littleEndian, encoding }: DataSet): DataSet {
  const elements = new Map<number, Element>();
  put(elements, 'CodeValue', value);
  put(elements, 'CodingSchemeDesignator', scheme);
  put(elements, 'CodeMeaning', meaning);
  return { elements, littleEndian, encoding };
}
