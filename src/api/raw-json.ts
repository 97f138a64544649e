import { randomUUID } from 'node:crypto';
import type { FormattedExecutionResult } from 'graphql';

/** The values that the answer being written has met so far, in order, and the string that stands for each; null while none is written. */
let writing: { readonly met: Written[]; place: string } | null = null;

/** A value of an answer that writes its own JSON. */
abstract class Written {
  /** Of the JSON, in UTF-8. */
  abstract readonly byteLength: number;

  abstract write(target: Buffer, start: number): void;

  /** What the JSON says, for whoever writes it anew. */
  protected abstract read(): unknown;

  toJSON(): unknown {
    if (!writing) return this.read();
    // Drawn for one answer and never seen outside of it, so that no text of a client's can be taken for a place.
    writing.place ||= randomUUID();
    writing.met.push(this);
    return writing.place;
  }
}

/**
 * A value whose JSON is already written: an answer takes the text as it is. Where anything else than `stringifyResult` writes
 * the answer, it is the value that the text says.
 */
export class RawJson extends Written {
  readonly text: string;

  /** `text` must be JSON; it is not looked at. */
  constructor(text: string) {
    super();
    this.text = text;
  }

  override get byteLength(): number {
    return Buffer.byteLength(this.text);
  }

  override write(target: Buffer, start: number): void {
    target.write(this.text, start);
  }

  protected override read(): unknown {
    return JSON.parse(this.text);
  }
}

/** How many bytes are encoded at once, whole groups of three: so few that their text is soon reused by the collector of garbage. */
const stepBytes = 3 * 2 ** 14;

/** Bytes as a string in base64. */
export class Base64Json extends Written {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    super();
    this.#bytes = bytes;
  }

  override get byteLength(): number {
    return 4 * Math.ceil(this.#bytes.length / 3) + 2;
  }

  override write(target: Buffer, start: number): void {
    let at = start + target.write('"', start, 'latin1');
    for (let from = 0; from < this.#bytes.length; from += stepBytes)
      at += target.write(this.#bytes.toString('base64', from, from + stepBytes), at, 'latin1');
    target.write('"', at, 'latin1');
  }

  protected override read(): unknown {
    return this.#bytes.toString('base64');
  }
}

/**
 * An answer as JSON. Where values of it are written already, it is in UTF-8, and they are put in without being looked at
 * again or made a part of a long string.
 */
export function stringifyResult(result: FormattedExecutionResult): string | Buffer {
  const around = writing;
  const current = { met: [] as Written[], place: '' };
  writing = current;
  let text: string;
  try {
    text = `${JSON.stringify(result)}\n`;
  } finally {
    writing = around;
  }
  const { met, place } = current;
  if (met.length === 0) return text;
  const parts = text.split(`"${place}"`);
  if (parts.length !== met.length + 1)
    throw new Error(`an answer has ${parts.length - 1} places for ${met.length} written values`);
  const [head, ...rest] = parts;
  const lengths = met.map(({ byteLength }) => byteLength);
  const total = [...lengths, ...parts.map((part) => Buffer.byteLength(part))].reduce((sum, one) => sum + one);
  const answer = Buffer.allocUnsafeSlow(total);
  let at = answer.write(head);
  for (const [index, part] of rest.entries()) {
    met[index].write(answer, at);
    at += lengths[index];
    at += answer.write(part, at);
  }
  return answer;
}
