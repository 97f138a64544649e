import type { Connection } from './connection.ts';
import type { GraphErrorBody } from './nomograph-error.ts';

/** One result of a subscription. */
export interface StreamedResult {
  readonly data?: unknown;
  readonly errors?: readonly GraphErrorBody[];
}

/** A subscription over one connection. */
export interface StreamRequest {
  readonly connection: Connection;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal | undefined;
  /** After so many milliseconds without a sign of life the connection counts as broken. */
  readonly silence: number;
  /** Called once the server has answered. */
  readonly onConnected: () => void;
}

/**
 * Opens a connection for one subscription, which ends when the server completes it. Throws a `NomographError` when it is
 * refused or the connection breaks.
 */
export type OpenStream = (request: StreamRequest) => AsyncGenerator<StreamedResult, void, void>;
