import { randomUUID } from 'node:crypto';

/** The values that the JSON being written has met so far, in order, and the string that stands for each; null while none is written. */
let writing: { readonly met: Written[]; place: string } | null = null;

/** A value of an answer that writes its own JSON. Where others write the answer, it is the value that its JSON says. */
export abstract class Written {
  /** Of the JSON, in UTF-8. */
  abstract readonly byteLength: number;

  /** What its pieces have characters of. */
  abstract readonly encoding: 'utf8' | 'latin1';

  /** The JSON, piece by piece. */
  abstract pieces(): Iterable<string>;

  /** It will not be written again. */
  abstract release(): void;

  protected abstract read(): unknown;

  toJSON(): unknown {
    if (!writing) return this.read();
    // Drawn for one answer and never seen outside of it, so that no text of a client's can be taken for a place.
    writing.place ||= randomUUID();
    writing.met.push(this);
    return writing.place;
  }
}

/** A value whose JSON is there as text. */
export class RawJson extends Written {
  readonly text: string;
  override readonly encoding = 'utf8';

  /** `text` must be JSON; it is not looked at. */
  constructor(text: string) {
    super();
    this.text = text;
  }

  override get byteLength(): number {
    return Buffer.byteLength(this.text);
  }

  override pieces(): Iterable<string> {
    return [this.text];
  }

  override release(): void {}

  protected override read(): unknown {
    return JSON.parse(this.text);
  }
}

/** How many bytes are encoded at once, whole groups of three: the collector of garbage has few of such texts at a time. */
const pieceBytes = 3 * 2 ** 14;

/** Bytes as a string in base64. */
export class Base64Json extends Written {
  readonly #bytes: Buffer;
  readonly #release: () => void;
  override readonly encoding = 'latin1';

  /** `release` is told when the bytes are of no use any longer; never where others write the answer. */
  constructor(bytes: Buffer, release: () => void = () => {}) {
    super();
    this.#bytes = bytes;
    this.#release = release;
  }

  override get byteLength(): number {
    return 4 * Math.ceil(this.#bytes.length / 3) + 2;
  }

  override *pieces(): Iterable<string> {
    yield '"';
    for (let start = 0; start < this.#bytes.length; start += pieceBytes)
      yield this.#bytes.toString('base64', start, start + pieceBytes);
    yield '"';
  }

  override release(): void {
    this.#release();
  }

  protected override read(): unknown {
    return this.#bytes.toString('base64');
  }
}

/**
 * A value as JSON: the text between those of its values that write themselves, and these. There is one text more than
 * there are values.
 */
export function writeAround(value: unknown): {
  readonly texts: readonly string[];
  readonly values: readonly Written[];
} {
  const around = writing;
  const current = { met: [] as Written[], place: '' };
  writing = current;
  let text: string;
  try {
    text = JSON.stringify(value);
  } finally {
    writing = around;
  }
  const { met, place } = current;
  const texts = met.length > 0 ? text.split(`"${place}"`) : [text];
  if (texts.length !== met.length + 1)
    throw new Error(`an answer has ${texts.length - 1} places for ${met.length} written values`);
  return { texts, values: met };
}
