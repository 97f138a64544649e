/** An error as the graph gives it. */
export interface GraphErrorBody {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly details?: Readonly<Record<string, unknown>> };
}

/**
 * Why an operation has no result. `code` is one of docs/errors.md or of GraphQL's own (`GRAPHQL_VALIDATION_FAILED`,
 * `BAD_USER_INPUT`, …), or `CONNECTION_FAILED` where no answer of the server came through; then `details` has the HTTP
 * `status` or the `closeCode` of the socket, as far as there was one.
 */
export class NomographError extends Error {
  override readonly name = 'NomographError';
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** All errors of the answer, of which this is the first. */
  readonly errors: readonly GraphErrorBody[];
  /** What there was of a result beside the errors. */
  readonly data: unknown;

  constructor(
    code: string,
    message: string,
    more: {
      readonly details?: Readonly<Record<string, unknown>> | undefined;
      readonly errors?: readonly GraphErrorBody[];
      readonly data?: unknown;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: more.cause });
    this.code = code;
    this.details = more.details ?? {};
    this.errors = more.errors ?? [];
    this.data = more.data ?? null;
  }

  /** The same operation may succeed later: the server was away, or something between it and us. */
  get isPassing(): boolean {
    if (this.code === 'LIMIT_EXCEEDED') return this.retryAfter > 0 || this.details.limit === 'streams';
    if (this.code !== 'CONNECTION_FAILED') return passingCodes.includes(this.code);
    const { status, closeCode } = this.details as { status?: number; closeCode?: number };
    if (status !== undefined) return status >= 500 || passingStatus.includes(status);
    return closeCode === undefined || passingCloseCodes.includes(closeCode);
  }

  /** For how many milliseconds the server asks to be left alone; 0 where it does not. */
  get retryAfter(): number {
    const { retryAfterSeconds } = this.details;
    return typeof retryAfterSeconds === 'number' ? 1000 * retryAfterSeconds : 0;
  }
}

const passingCodes = ['INTERNAL', 'SERVICE_UNAVAILABLE'];
const passingStatus = [408, 425, 429];
/** Those of docs/PROTOCOL.md; what proxies close with on a restart; and 4499, by which this side gives up a silent connection. */
const passingCloseCodes = [1000, 1001, 1005, 1006, 1011, 1012, 1013, 1014, 4408, 4499, 4500];

/** The error that an answer's list of errors stands for. */
export function errorOf(errors: readonly GraphErrorBody[], data?: unknown): NomographError {
  const [first] = errors;
  return new NomographError(first?.extensions?.code ?? 'INTERNAL', first?.message ?? 'no reason was given', {
    details: first?.extensions?.details,
    errors,
    data,
  });
}

/** The error of an answer over HTTP that has no result: the server's own, or that of something in between. */
export async function errorOfResponse(response: Response): Promise<NomographError> {
  const { status } = response;
  const body = (await response.json().catch(() => null)) as { errors?: readonly GraphErrorBody[] } | null;
  return Array.isArray(body?.errors) && body.errors.length > 0
    ? errorOf(body.errors)
    : connectionFailed(`the answer, with status ${status}, is not one of the graph`, { status });
}

export function connectionFailed(
  message: string,
  details?: Readonly<Record<string, unknown>>,
  cause?: unknown,
): NomographError {
  return new NomographError('CONNECTION_FAILED', message, { details, cause });
}
