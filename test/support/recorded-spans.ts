import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  type ContextManager,
  context,
  propagation,
  ROOT_CONTEXT,
  type TextMapPropagator,
  trace,
} from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** An OpenTelemetry SDK in this process, as an operator would load one, that keeps spans in memory. */
export class RecordedSpans {
  readonly #exporter = new InMemorySpanExporter();

  constructor() {
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(this.#exporter)] });
    context.setGlobalContextManager(new AsyncContexts());
    propagation.setGlobalPropagator(traceparent);
    trace.setGlobalTracerProvider(provider);
  }

  /** Those of a trace that have ended so far. */
  of(traceId: string): ReadableSpan[] {
    return this.all.filter((span) => span.spanContext().traceId === traceId);
  }

  get all(): ReadableSpan[] {
    return this.#exporter.getFinishedSpans();
  }

  stop(): void {
    trace.disable();
    propagation.disable();
    context.disable();
  }
}

class AsyncContexts implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    work: F,
    self?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(active, () => work.apply(self, args));
  }

  bind<T>(_context: Context, target: T): T {
    return target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    this.#storage.disable();
    return this;
  }
}

/** The W3C's header: https://www.w3.org/TR/trace-context/#traceparent-header */
const traceparent: TextMapPropagator = {
  fields: () => ['traceparent'],
  inject: (active, carrier, { set }) => {
    const span = trace.getSpanContext(active);
    if (span) set(carrier, 'traceparent', `00-${span.traceId}-${span.spanId}-0${span.traceFlags}`);
  },
  extract: (active, carrier, { get }) => {
    const given = /^00-([\da-f]{32})-([\da-f]{16})-0(\d)$/.exec(String(get(carrier, 'traceparent') ?? ''));
    if (!given) return active;
    const [, traceId, spanId, flags] = given;
    return trace.setSpanContext(active, { traceId, spanId, traceFlags: Number(flags), isRemote: true });
  },
};
