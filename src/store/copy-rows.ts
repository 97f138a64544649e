import { type Connection, escapeLiteral, type PoolClient, type Submittable } from 'pg';
import type { DataSource } from 'typeorm';

/** What a row has in each column, in PostgreSQL's binary form; null where it has nothing. The bytes are the row's only until the next. */
export type CopiedRow = readonly (Buffer | null)[];

/**
 * Gives the rows of a query to `take`, one by one, as PostgreSQL itself has them: the driver gives bytes by way of hexadecimal
 * digits, twice as long, of which neither side is quick. `sql` has `$1`, … for `parameters`, each the text of a value; they
 * are written into the statement, as `copy` takes none. What `take` throws ends the reading.
 *
 * Format: https://www.postgresql.org/docs/18/sql-copy.html#SQL-COPY-FILE-FORMATS
 */
export async function copyRows(
  dataSource: DataSource,
  sql: string,
  parameters: readonly string[],
  take: (row: CopiedRow) => void,
): Promise<void> {
  const text = `copy (${sql}) to stdout (format binary)`;
  const copy = new CopyOut(
    text.replace(/\$(\d+)/g, (_place, number) => escapeLiteral(parameters[Number(number) - 1])),
    new CopyReader(take),
  );
  const runner = dataSource.createQueryRunner();
  // As of any other statement, for who counts them, times them or ends them.
  const { broadcaster } = runner;
  const given = [...parameters];
  try {
    const client: PoolClient = await runner.connect();
    dataSource.logger.logQuery(text, given, runner);
    await broadcaster.broadcast('BeforeQuery', text, given);
    const started = performance.now();
    client.query(copy);
    try {
      await copy.ended;
    } catch (error) {
      await broadcaster.broadcast('AfterQuery', text, given, false, undefined, undefined, error);
      throw error;
    }
    const milliseconds = performance.now() - started;
    await broadcaster.broadcast('AfterQuery', text, given, true, milliseconds, undefined, undefined);
  } finally {
    await runner.release();
  }
}

/** A statement as the driver runs them. It is over when the server is ready for the next one, so that the connection can always be given back. */
class CopyOut implements Submittable {
  readonly ended: Promise<void>;
  readonly #sql: string;
  readonly #reader: CopyReader;
  readonly #end = Promise.withResolvers<void>();
  #failure: unknown;

  constructor(sql: string, reader: CopyReader) {
    this.#sql = sql;
    this.#reader = reader;
    this.ended = this.#end.promise;
  }

  submit(connection: Connection): void {
    connection.query(this.#sql);
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    // What comes after a failure is left unread.
    if (this.#failure) return;
    try {
      this.#reader.read(chunk);
    } catch (error) {
      this.#failure = error;
    }
  }

  handleCommandComplete(): void {
    if (!this.#failure && !this.#reader.isComplete)
      this.#failure = new Error('a binary copy ended before its trailer');
  }

  handleReadyForQuery(): void {
    if (this.#failure) this.#end.reject(this.#failure);
    else this.#end.resolve();
  }

  handleError(error: Error): void {
    this.#end.reject(this.#failure ?? error);
  }
}

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Flags, and the length of what follows them. */
const headerLength = signature.length + 8;

/** Reads PostgreSQL's binary copy format, message by message: each has whole rows. Throws an Error for anything else. */
export class CopyReader {
  readonly #take: (row: CopiedRow) => void;
  #begun = false;
  #complete = false;

  constructor(take: (row: CopiedRow) => void) {
    this.#take = take;
  }

  get isComplete(): boolean {
    return this.#complete;
  }

  read(message: Buffer): void {
    let at = 0;
    const next = (length: number): number => {
      if (length < 0 || length > message.length - at)
        throw new Error(`a binary copy has ${length} bytes at ${at} of a message of ${message.length}`);
      at += length;
      return at - length;
    };
    if (!this.#begun) {
      next(headerLength);
      const flags = message.readUInt32BE(signature.length);
      if (!message.subarray(0, signature.length).equals(signature) || flags !== 0)
        throw new Error('a binary copy does not begin with its signature and no flags');
      next(message.readInt32BE(signature.length + 4));
      this.#begun = true;
    }
    while (at < message.length) {
      if (this.#complete) throw new Error('a binary copy goes on after its trailer');
      const count = message.readInt16BE(next(2));
      if (count === -1) {
        this.#complete = true;
        continue;
      }
      if (count < 0) throw new Error(`a binary copy has a row of ${count} fields`);
      const row: (Buffer | null)[] = [];
      for (let field = 0; field < count; field++) {
        const length = message.readInt32BE(next(4));
        if (length === -1) row.push(null);
        else {
          const start = next(length);
          row.push(message.subarray(start, at));
        }
      }
      this.#take(row);
    }
  }
}
