import { createClient, type Client as SocketClient } from 'graphql-ws';
import { type DetailedError, Upload } from 'tus-js-client';
import { WebSocket } from 'ws';
import { Failure, type FailureCode, type FailureDetails, type FailureJson } from '../../engine/failure.ts';

interface GraphError {
  readonly message: string;
  readonly extensions?: { readonly code?: FailureCode; readonly details?: FailureDetails };
}

/** A client of the graph like any other: operations by HTTP, subscriptions by graphql-ws, files by tus. */
export class GraphClient {
  readonly #url: string;
  readonly #authorization: string;
  readonly #socket: SocketClient;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#authorization = `Bearer ${token}`;
    this.#socket = createClient({
      url: `${url.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: this.#authorization },
    });
  }

  /** Runs a query or mutation and gives its data. Throws the first error as a `Failure`. */
  async run<T>(query: string, variables: object = {}): Promise<T> {
    const response = await fetch(`${this.#url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: this.#authorization },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: T; errors?: GraphError[] };
    if (errors?.[0]) throw asFailure(errors[0]);
    return data as T;
  }

  /** The results of a subscription, in order. */
  async *subscribe<T>(query: string, variables: Record<string, unknown>): AsyncGenerator<T, void, void> {
    try {
      for await (const { data, errors } of this.#socket.iterate<T>({ query, variables })) {
        if (errors?.[0]) throw asFailure(errors[0] as GraphError);
        yield data as T;
      }
    } catch (error) {
      // graphql-ws throws the list of errors by which the server refused the operation.
      throw Array.isArray(error) ? asFailure(error[0] as GraphError) : error;
    }
  }

  /** Uploads a file, resuming where the connection broke. */
  upload(bytes: Uint8Array, filename: string, sha256: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const upload = new Upload(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as never, {
        endpoint: `${this.#url}/uploads`,
        headers: { authorization: this.#authorization },
        metadata: { filename, sha256 },
        uploadDataDuringCreation: true,
        retryDelays: [100, 500, 2_000],
        onSuccess: () => resolve(),
        onError: (error) => reject(asUploadFailure(error)),
      });
      upload.start();
    });
  }

  async close(): Promise<void> {
    await this.#socket.dispose();
  }
}

function asFailure({ message, extensions }: GraphError): Failure {
  return new Failure(extensions?.code ?? 'INTERNAL', message, extensions?.details ?? {});
}

/** The coded failure in the answer to a refused upload; the error itself where there is none. */
function asUploadFailure(error: Error | DetailedError): Error {
  const body = 'originalResponse' in error ? error.originalResponse?.getBody() : undefined;
  try {
    const { code, message, details } = JSON.parse(body ?? '') as FailureJson;
    return new Failure(code, message, details);
  } catch {
    return error;
  }
}
