import { trace } from '@opentelemetry/api';
import type { DataSource } from 'typeorm';
import { SpanKind, tracer } from '../tracing.ts';

/** Longer statements are cut. */
const maxLength = 2_000;

/** Has each statement of a trace under way recorded: its text, in which values are placeholders, and never its parameters. */
export function traceStatements(dataSource: DataSource): void {
  dataSource.subscribers.push({
    afterQuery: ({ query, success, executionTime = 0 }) => {
      if (!trace.getActiveSpan()?.isRecording()) return;
      const end = performance.now();
      const span = tracer.startSpan(/^\s*(\w+)/.exec(query)?.[1].toUpperCase() ?? 'SQL', {
        kind: SpanKind.CLIENT,
        startTime: end - executionTime,
        attributes: { 'db.system.name': 'postgresql', 'db.query.text': query.slice(0, maxLength) },
      });
      if (!success) span.setStatus({ code: 2 });
      span.end(end);
    },
  });
}
