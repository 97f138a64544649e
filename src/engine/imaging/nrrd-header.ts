import { Failure } from '../failure.ts';

/** An NRRD header's fields under their canonical lower-case names, and where the data start. */
export interface NrrdHeader {
  readonly fields: ReadonlyMap<string, string>;
  readonly dataStart: number;
}

const maxHeaderLength = 2 ** 20;

/** Every field of the format, and the spellings it allows. */
const fieldNames = [
  ...['dimension', 'type', 'block size', 'encoding', 'endian', 'content', 'old min', 'old max', 'min', 'max'],
  ...['data file', 'line skip', 'byte skip', 'number', 'sample units', 'sizes', 'spacings', 'thicknesses'],
  ...[
    'axis mins',
    'axis maxs',
    'centers',
    'labels',
    'units',
    'kinds',
    'space',
    'space dimension',
    'space units',
  ],
  ...['space origin', 'space directions', 'measurement frame'],
];
const canonicalNames = new Map([
  ...fieldNames.map((name) => [name, name] as const),
  ...['block size', 'old min', 'old max', 'data file', 'line skip', 'byte skip', 'sample units'].map(
    (name) => [name.replace(' ', ''), name] as const,
  ),
  ['axismins', 'axis mins'],
  ['axismaxs', 'axis maxs'],
  ['centerings', 'centers'],
]);

export function isNrrd(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 4)) === 'NRRD';
}

/**
 * Parses the text header at the start of `bytes`, up to its blank line. Comments and `key:=value` pairs are passed over.
 * Throws `FILE_FORMAT_UNKNOWN`, `FILE_TRUNCATED`, `FILE_CORRUPT` (an unknown or repeated field, a line that is none,
 * over 1 MiB of header) and `FILE_UNSUPPORTED` for a later version of the format and for data in other files.
 *
 * G. Kindlmann, Definition of NRRD File Format, https://teem.sourceforge.net/nrrd/format.html.
 */
export function parseNrrdHeader(bytes: Uint8Array): NrrdHeader {
  if (!isNrrd(bytes)) throw new Failure('FILE_FORMAT_UNKNOWN', 'the content does not begin with "NRRD"');
  const dataStart = findBlankLine(bytes);
  const lines = new TextDecoder('utf-8').decode(bytes.subarray(0, dataStart)).split(/\r?\n/);
  const magic = lines[0].trimEnd();
  if (!/^NRRD000[1-5]$/.test(magic)) {
    const code = /^NRRD\d{4}$/.test(magic) ? 'FILE_UNSUPPORTED' : 'FILE_CORRUPT';
    throw new Failure(code, `the first line is "${shorten(magic)}", not NRRD0001 to NRRD0005`);
  }
  const fields = new Map<string, string>();
  for (let n = 1; n < lines.length; n++) {
    const line = lines[n].trimEnd();
    if (line === '' || line.startsWith('#')) continue;
    const colon = line.indexOf(':');
    if (colon > 0 && line[colon + 1] === '=') continue;
    const name = canonicalNames.get(line.slice(0, Math.max(colon, 0)).trim().toLowerCase());
    if (name === undefined)
      corrupt(`line ${n + 1} of the header, "${shorten(line)}", is no field of the format`);
    if (fields.has(name)) corrupt(`the header gives "${name}" twice`);
    fields.set(name, line.slice(colon + 1).trim());
  }
  if (fields.has('data file')) {
    throw new Failure(
      'FILE_UNSUPPORTED',
      'the data are in other files ("data file"); only attached headers are read',
      {
        field: 'data file',
      },
    );
  }
  return { fields, dataStart };
}

/** The position after the first empty line. */
function findBlankLine(bytes: Uint8Array): number {
  const end = Math.min(bytes.length, maxHeaderLength);
  for (
    let newline = bytes.indexOf(10);
    newline >= 0 && newline < end;
    newline = bytes.indexOf(10, newline + 1)
  ) {
    const next = bytes[newline + 1] === 13 ? newline + 2 : newline + 1;
    if (bytes[next] === 10 && next < end) return next + 1;
  }
  if (bytes.length > maxHeaderLength)
    corrupt(`no blank line ends the header within ${maxHeaderLength} bytes`);
  if (/data ?file:/i.test(new TextDecoder('utf-8').decode(bytes))) {
    // A detached header needs no blank line at its end.
    throw new Failure(
      'FILE_UNSUPPORTED',
      'the data are in other files ("data file"); only attached headers are read',
      {
        field: 'data file',
      },
    );
  }
  throw new Failure('FILE_TRUNCATED', 'the file ends before the blank line that ends its header', {
    found: bytes.length,
  });
}

export function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function corrupt(message: string): never {
  throw new Failure('FILE_CORRUPT', message);
}
