import type { RequestHandler, Response } from 'express';
import type { FormattedExecutionResult } from 'graphql';
import { type Written, writeAround } from './raw-json.ts';

/** An answer that is longer is sent piece by piece as the client takes it, and is nowhere in one. */
const longBytes = 2 ** 20;

/** An answer some values of which write themselves: they are put in without being looked at again. */
export class Answer {
  readonly #result: FormattedExecutionResult;
  readonly #texts: readonly string[];
  readonly #values: readonly Written[];
  readonly byteLength: number;

  constructor(result: FormattedExecutionResult, texts: readonly string[], values: readonly Written[]) {
    this.#result = result;
    this.#texts = texts;
    this.#values = values;
    const lengths = [
      ...texts.map((text) => Buffer.byteLength(text)),
      ...values.map((value) => value.byteLength),
    ];
    this.byteLength = lengths.reduce((sum, length) => sum + length);
  }

  /** Sends it as the body of a response, whose status and type are set. Returns when it is sent, or the client has gone. */
  async send(response: Response): Promise<void> {
    try {
      if (this.byteLength <= longBytes) {
        response.send(this.#whole());
        return;
      }
      response.set('content-length', String(this.byteLength));
      for (const [text, encoding] of this.#pieces()) {
        if (response.closed) return;
        if (!response.write(text, encoding)) await drained(response);
      }
      response.end();
    } finally {
      for (const value of this.#values) value.release();
    }
  }

  /** What it says, for whoever sends it in another way. */
  toJSON(): FormattedExecutionResult {
    return this.#result;
  }

  #whole(): Buffer {
    const whole = Buffer.allocUnsafe(this.byteLength);
    let at = 0;
    for (const [text, encoding] of this.#pieces()) at += whole.write(text, at, encoding);
    return whole;
  }

  *#pieces(): Iterable<readonly [text: string, encoding: 'utf8' | 'latin1']> {
    for (const [index, text] of this.#texts.entries()) {
      yield [text, 'utf8'];
      const value = this.#values[index];
      if (value) for (const piece of value.pieces()) yield [piece, value.encoding];
    }
  }
}

/** When more may be written, or nothing any more. */
function drained(response: Response): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

/** An answer as JSON, for `sendAnswers`. */
export function writeResult(result: FormattedExecutionResult): string | Answer {
  const { texts, values } = writeAround(result);
  const lines = texts.with(-1, `${texts.at(-1)}\n`);
  return values.length === 0 ? lines[0] : new Answer(result, lines, values);
}

/** Has Express send answers that are more than text; whatever else is sent goes its way. */
export const sendAnswers: RequestHandler = (_request, response, next) => {
  const send = response.send;
  response.send = (body: unknown) => {
    if (!(body instanceof Answer)) return send.call(response, body);
    body.send(response).catch(next);
    return response;
  };
  next();
};
