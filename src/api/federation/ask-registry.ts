import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../../engine/failure.ts';

/** Another graph that may be asked, and how patient who asks is. */
export interface RegistryAddress {
  readonly name: string;
  readonly url: string;
  /** What it wants as its bearer token. */
  readonly token: string | undefined;
}

export interface Patience {
  /** For one request, in milliseconds. */
  readonly timeout: number;
  /** Requests until one is answered. */
  readonly attempts: number;
  /** The longest first pause before another attempt, in milliseconds; each next one may be twice as long. */
  readonly pause: number;
  /** The longest answer that is read, in bytes once inflated. */
  readonly maxBytes: number;
}

/** Answers after which the same request may succeed. */
const passing = [408, 425, 429, 500, 502, 503, 504];

/**
 * Sends an operation to a registry and returns the JSON of its answer. What may pass (no connection, no answer in time, a
 * server that is busy) is tried again after a random pause, so that those who were refused together do not come back
 * together. Throws `REGISTRY_UNAVAILABLE` where it does not pass, and `REGISTRY_INVALID` for an answer that is no
 * JSON, is too long, leads elsewhere, or refuses the request. No text of an answer is in a message.
 */
export async function askRegistry(
  registry: RegistryAddress,
  operation: object,
  patience: Patience,
  signal: AbortSignal,
): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await askOnce(registry, operation, patience, signal);
    } catch (error) {
      if (error instanceof Failure && error.code === 'REGISTRY_INVALID') throw error;
      if (attempt >= patience.attempts || signal.aborted)
        throw new Failure(
          'REGISTRY_UNAVAILABLE',
          `registry ${registry.name} cannot be reached: ${causeOf(error)}`,
          { registry: registry.name, attempts: attempt },
        );
      const pause = Math.random() * patience.pause * 2 ** (attempt - 1);
      // Cut short, it is told above.
      await wait(pause, undefined, { signal }).catch(() => {});
    }
  }
}

async function askOnce(
  { name, url, token }: RegistryAddress,
  operation: object,
  { timeout, maxBytes }: Patience,
  signal: AbortSignal,
): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(operation),
    // Where it leads is not among the addresses that were allowed.
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
  });
  const { status } = response;
  if (status !== 200) await response.body?.cancel();
  if (passing.includes(status)) throw new Error(`status ${status}`);
  const invalid = (what: string) =>
    new Failure('REGISTRY_INVALID', `registry ${name} ${what}`, { registry: name, status });
  if (status >= 300 && status < 400) throw invalid('leads to another address, which is not followed');
  if (status !== 200) throw invalid(`refuses the request with status ${status}`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) throw invalid(`answers with more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw invalid('answers with what is no JSON');
  }
}

/** The code of what went wrong, which is of Node and never of who answered. */
function causeOf(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: { code?: string } };
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer in time';
  return cause?.code ?? (/^status \d+$/.test(message) ? message : 'the connection failed');
}
