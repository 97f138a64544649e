import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Context as TraceContext,
  trace,
} from '@opentelemetry/api';
import { Failure } from './engine/failure.ts';

export { type Attributes, SpanKind, type TraceContext };

/** Of the program, by OpenTelemetry's API alone: without an SDK in the process nothing is recorded. */
export const tracer = trace.getTracer('nomograph');

interface SpanSettings {
  readonly kind?: SpanKind;
  /** Names, identifiers and counts of the program's own: no variable, and nothing of a patient. */
  readonly attributes?: Attributes;
  readonly parent?: TraceContext;
}

/** Does work within a span. Where it throws, the span says the error's code, and not its words. */
export function traced<T>(
  name: string,
  { kind = SpanKind.INTERNAL, attributes = {}, parent = context.active() }: SpanSettings,
  work: () => T | Promise<T>,
): Promise<T> {
  return tracer.startActiveSpan(name, { kind, attributes }, parent, async (span) => {
    try {
      return await work();
    } catch (error) {
      const message = error instanceof Failure ? error.code : 'INTERNAL';
      span.setStatus({ code: SpanStatusCode.ERROR, message });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The trace that a request or message says it is part of, by the W3C's `traceparent`. */
export function traceOf(carrier: object | null | undefined): TraceContext {
  return propagation.extract(ROOT_CONTEXT, carrier ?? {});
}

/** What a message carries so that who receives it goes on with the trace that is under way; empty where there is none. */
export function traceCarrier(): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}
