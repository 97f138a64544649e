import { type Connection, post, type TypedDocument } from './connection.ts';
import {
  connectionFailed,
  errorOf,
  errorOfResponse,
  type GraphErrorBody,
  NomographError,
} from './nomograph-error.ts';

interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
}

/** The variables may be left out where none is required. */
type Arguments<TVariables> =
  Record<string, never> extends TVariables
    ? [variables?: TVariables | undefined, options?: RequestOptions]
    : [variables: TVariables, options?: RequestOptions];

/**
 * The result of a query or mutation. Throws a `NomographError` where there is none, or where part of it failed (its `data` has
 * the rest), and the reason of `signal` once that is aborted. Nothing is sent twice: whether to try again is the caller's to say.
 */
export async function request<TResult, TVariables>(
  connection: Connection,
  document: TypedDocument<TResult, TVariables>,
  ...[variables, { signal } = {}]: Arguments<TVariables>
): Promise<TResult> {
  try {
    const response = await post(
      connection,
      '/graphql',
      'application/graphql-response+json, application/json',
      { query: String(document), variables: variables ?? {} },
      signal,
    );
    const copy = response.clone();
    const body = (await response.json().catch(() => null)) as Body<TResult> | null;
    if (!body || (!body.errors && body.data === undefined)) throw await errorOfResponse(copy);
    if (body.errors) throw errorOf(body.errors, body.data);
    return body.data as TResult;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof NomographError) throw error;
    throw connectionFailed(`the server cannot be reached: ${(error as Error).message}`, undefined, error);
  }
}

interface Body<TResult> {
  readonly data?: TResult;
  readonly errors?: readonly GraphErrorBody[];
}
