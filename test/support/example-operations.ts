import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Kind, parse, print } from 'graphql';
import type { TestServer } from './server.ts';

const folder = resolve(import.meta.dirname, '../../schema/operations');

/** The operations of schema/operations by name, and which of them have been run. */
export class ExampleOperations {
  readonly texts = new Map<string, string>();
  readonly run = new Set<string>();
  readonly #server: TestServer;

  constructor(server: TestServer) {
    this.#server = server;
    for (const file of readdirSync(folder)) {
      const { definitions } = parse(readFileSync(join(folder, file), 'utf8'));
      const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).map(print);
      for (const definition of definitions) {
        if (definition.kind === Kind.FRAGMENT_DEFINITION) continue;
        if (definition.kind !== Kind.OPERATION_DEFINITION || !definition.name)
          throw new Error(`${file}: every definition is an operation with a name, or a fragment of one`);
        const { value: name } = definition.name;
        if (this.texts.has(name)) throw new Error(`${file}: there is another operation ${name}`);
        this.texts.set(name, [print(definition), ...fragments].join('\n'));
      }
    }
  }

  /** The data of a query or mutation; throws its first error. */
  async answer<T = Record<string, { readonly id: string }>>(
    name: string,
    variables: object = {},
  ): Promise<T> {
    return this.#server.client.run<T>(this.#take(name), variables);
  }

  /** The types of the events of a job, to its end. */
  async watch(name: string, jobId: string, after?: number): Promise<Record<string, unknown>[]> {
    const variables = { jobId, ...(after !== undefined && { after }) };
    const events: Record<string, unknown>[] = [];
    for await (const { jobEvents } of this.#server.client.subscribe<{ jobEvents: Record<string, unknown> }>(
      this.#take(name),
      variables,
    ))
      events.push(jobEvents);
    return events;
  }

  #take(name: string): string {
    const text = this.texts.get(name);
    if (!text) throw new Error(`schema/operations has no operation ${name}`);
    this.run.add(name);
    return text;
  }
}
