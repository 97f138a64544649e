import { type Logger, pino } from 'pino';

/**
 * The program's log: one JSON object a line on stderr. What a statement was given, and what PostgreSQL says of the row at
 * fault, may be patients' values: neither is written.
 */
export function createLog(level: string): Logger {
  const redact = ['err.parameters', 'err.query', 'err.detail', 'err.driverError'];
  return pino({ level, redact: { paths: redact, remove: true } }, pino.destination(2));
}
