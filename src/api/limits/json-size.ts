import type { Limits } from '../../limits.ts';
import { beyond, maxNames, maxNesting } from './beyond.ts';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;

/**
 * Holds a body to its limits before it is parsed: eight bytes of JSON can become an object of fifty, and brackets within
 * brackets take far longer than they are long. Throws `LIMIT_EXCEEDED`; whether it is JSON at all is left to the parser.
 */
export function checkJsonSize(body: Uint8Array, limits: Limits): void {
  let values = 1;
  let nesting = 0;
  let textStart = 0;
  let textEnd = 0;
  const names = new Set<number>();
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (byte === quote) {
      textStart = at;
      at = endOfText(body, at);
      textEnd = at;
    } else if (byte === colon) {
      names.add(hashOf(body, textStart, textEnd));
      // No text is looked at twice, however many colons follow it.
      textStart = textEnd;
      if (names.size > maxNames)
        throw beyond('names', maxNames, names.size, `the request's JSON has more than ${maxNames} names`);
    } else if (byte === comma) values++;
    else if (byte === 0x5b || byte === 0x7b) {
      values++;
      requireNesting(++nesting);
    } else if (byte === 0x5d || byte === 0x7d) nesting--;
    if (values > limits.values)
      throw beyond(
        'values',
        limits.values,
        values,
        `the request's JSON has more than ${limits.values} values`,
      );
  }
}

/** FNV-1a: names that are taken for one are as few as in a hash table. */
function hashOf(body: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ body[at], 0x01000193);
  return hash;
}

function endOfText(body: Uint8Array, start: number): number {
  let at = body.indexOf(quote, start + 1);
  while (at > 0) {
    let escapes = 0;
    while (body[at - 1 - escapes] === backslash) escapes++;
    if (escapes % 2 === 0) return at;
    at = body.indexOf(quote, at + 1);
  }
  return body.length;
}

/** Holds the variables of an operation to their limits: how deep they are, their lists and texts. Throws `LIMIT_EXCEEDED`. */
export function checkVariables(variables: unknown, limits: Limits): void {
  // The request has them as a member, so that theirs is the second bracket.
  for (let level = [variables], depth = 2; level.length > 0; depth++) {
    const below: unknown[] = [];
    for (const value of level) {
      if (typeof value === 'string') requireTextLength(value, limits);
      else if (Array.isArray(value)) {
        requireNesting(depth);
        requireListLength(value, limits);
        for (const element of value) below.push(element);
      } else if (typeof value === 'object' && value !== null) {
        requireNesting(depth);
        for (const [name, member] of Object.entries(value)) {
          requireTextLength(name, limits);
          below.push(member);
        }
      }
    }
    level = below;
  }
}

function requireNesting(depth: number): void {
  if (depth > maxNesting)
    throw beyond('nesting', maxNesting, depth, `the request's JSON is nested ${depth} deep or deeper`);
}

function requireListLength({ length }: readonly unknown[], { listLength }: Limits): void {
  if (length > listLength)
    throw beyond('listLength', listLength, length, `a list among the variables has ${length} elements`);
}

function requireTextLength({ length }: string, { textLength }: Limits): void {
  if (length > textLength)
    throw beyond('textLength', textLength, length, `a text among the variables has ${length} characters`);
}
