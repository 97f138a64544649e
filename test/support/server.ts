import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { GraphClient } from '../../src/cli/demo/graph-client.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { type Nomograph, startNomograph } from '../../src/server.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

/** A whole answer to a request over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: GraphBody;
}

export interface GraphBody {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphErrorBody[];
}

export interface GraphErrorBody {
  readonly message: string;
  readonly extensions: { readonly code: string; readonly details?: Record<string, unknown> };
  readonly path?: readonly (string | number)[];
}

/** The program on a database, a folder and a port of its own, as `serve` starts it, and clients to talk to it. */
export class TestServer {
  readonly directory: string;
  readonly database: TestDatabase;
  /** What was logged as an error: defects of the program, whatever its clients were told. */
  readonly loggedErrors: string[] = [];
  /** Every line of the log, of all levels. */
  readonly logged: string[] = [];
  nomograph!: Nomograph;
  client!: GraphClient;
  readonly #settings: Partial<Config>;

  private constructor(directory: string, database: TestDatabase, settings: Partial<Config>) {
    this.directory = directory;
    this.database = database;
    this.#settings = settings;
  }

  static async start(settings: Partial<Config> = {}): Promise<TestServer> {
    const [directory, database] = await Promise.all([
      mkdtemp(join(tmpdir(), 'nomograph-data-')),
      createTestDatabase(),
    ]);
    const server = new TestServer(directory, database, settings);
    await server.#start();
    return server;
  }

  /** Another process's worth of the program on the same data. It is stopped before this one, by `halt`. */
  async startBeside(settings: Partial<Config> = {}): Promise<TestServer> {
    const other = new TestServer(this.directory, this.database, { ...this.#settings, ...settings });
    await other.#start();
    return other;
  }

  get url(): string {
    return this.nomograph.url as string;
  }

  get token(): string {
    return this.nomograph.token;
  }

  /** Ends the program in order and starts it again on the same data, at another port. */
  async restart(): Promise<void> {
    await this.halt();
    await this.#start();
  }

  /** Ends the program; its data stay. */
  async halt(): Promise<void> {
    await this.client.close();
    await this.nomograph.stop();
  }

  /** Ends the program and removes its data. Throws what it logged as errors. */
  async stop(): Promise<void> {
    await this.halt();
    await this.database.drop();
    await rm(this.directory, { recursive: true, force: true });
    if (this.loggedErrors.length > 0)
      throw new Error(`the server logged errors:\n${this.loggedErrors.join('\n')}`);
  }

  /** One request to the graph, as it is answered. */
  async post(body: unknown, headers: Record<string, string> = this.signedIn): Promise<Answer> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as GraphBody,
    };
  }

  /** The errors of an operation; none where it succeeds. */
  async errorsOf(query: string, variables: object = {}): Promise<readonly GraphErrorBody[]> {
    return (await this.post({ query, variables })).body.errors ?? [];
  }

  get signedIn(): Record<string, string> {
    return { authorization: `Bearer ${this.token}` };
  }

  async #start(): Promise<void> {
    const config: Config = {
      ...readConfig({
        DATABASE_URL: this.database.url,
        NOMOGRAPH_DATA: this.directory,
        NOMOGRAPH_PORT: '0',
        NOMOGRAPH_THREADS: '2',
      }),
      ...this.#settings,
    };
    const log = createLog(
      'trace',
      new Writable({
        decodeStrings: false,
        write: (line: string, _encoding, done) => {
          this.logged.push(line);
          if (/^\{"level":[56]0/.test(line)) this.loggedErrors.push(line.slice(0, 2_000));
          done();
        },
      }),
    );
    this.nomograph = await startNomograph(config, log);
    this.client = new GraphClient(this.url, this.token);
  }
}
