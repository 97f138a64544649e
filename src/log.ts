import { trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino } from 'pino';
import { Failure } from './engine/failure.ts';

/** The program's log: one JSON object a line, on stderr. Nothing that a client or a patient gave stands in it. */
export function createLog(level: string, destination: DestinationStream = pino.destination(2)): Logger {
  return pino({ level, serializers: { err: withoutValues }, mixin: traceUnderWay }, destination);
}

/** What is written of an error. */
interface DescribedError {
  readonly type: string;
  readonly code?: string;
  readonly message?: string;
  readonly constraint?: string;
  readonly stack: readonly string[];
  readonly cause?: DescribedError;
}

/**
 * An error without what may be patients' values: a statement's parameters, what PostgreSQL says of the row at fault, the text that could
 * not be parsed, which messages have in quotes, and all words of a failure, which name the subject.
 */
function withoutValues(error: unknown): DescribedError | string {
  if (!(error instanceof Error)) return typeof error;
  const {
    code,
    constraint,
    cause,
    stack = '',
  } = error as Error & {
    readonly code?: unknown;
    readonly constraint?: unknown;
  };
  return {
    type: error.constructor.name,
    ...(typeof code === 'string' && { code }),
    ...(typeof constraint === 'string' && { constraint }),
    ...(!(error instanceof Failure) && { message: error.message.replace(/".*"/gs, '"…"') }),
    // The lines above the first place repeat the message.
    stack: stack.split('\n').filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line)),
    ...(cause instanceof Error && { cause: withoutValues(cause) as DescribedError }),
  };
}

/** What a line was written about, where its requests are traced. */
function traceUnderWay(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span ? { traceId: span.traceId, spanId: span.spanId } : {};
}
