import { randomUUID } from 'node:crypto';
import type { FormattedExecutionResult } from 'graphql';

/** The values that the answer being written has met so far, in order, and the string that stands for each; null while none is written. */
let writing: { readonly met: RawJson[]; place: string } | null = null;

/**
 * A value of an answer whose JSON is already written: the answer takes the text as it is. Where anything else than
 * `stringifyResult` writes it, it is the value that the text says.
 */
export class RawJson {
  readonly text: string;

  /** `text` must be JSON; it is not looked at. */
  constructor(text: string) {
    this.text = text;
  }

  toJSON(): unknown {
    if (!writing) return JSON.parse(this.text);
    // Drawn for one answer and never seen outside of it, so that no text of a client's can be taken for a place.
    writing.place ||= randomUUID();
    writing.met.push(this);
    return writing.place;
  }
}

/** An answer as JSON. Those of its values that are `RawJson` are put in without being looked at again. */
export function stringifyResult(result: FormattedExecutionResult): string {
  const around = writing;
  const current = { met: [] as RawJson[], place: '' };
  writing = current;
  let text: string;
  try {
    text = JSON.stringify(result);
  } finally {
    writing = around;
  }
  const { met, place } = current;
  const parts = met.length > 0 ? text.split(`"${place}"`) : [text];
  if (parts.length !== met.length + 1)
    throw new Error(`an answer has ${parts.length - 1} places for ${met.length} written values`);
  let joined = parts[0];
  for (const [index, { text: written }] of met.entries()) joined += written + parts[index + 1];
  return `${joined}\n`;
}
