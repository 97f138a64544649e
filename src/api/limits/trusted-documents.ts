import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, print, separateOperations } from 'graphql';
import { Failure } from '../../engine/failure.ts';

/** Documents that were known before the server started, by the SHA-256 of their text. */
export class TrustedDocuments {
  readonly #texts: ReadonlyMap<string, string>;
  /** Whether all others are refused. */
  readonly only: boolean;

  constructor(texts: Iterable<string>, only = false) {
    this.#texts = new Map([...texts].map((text) => [sha256(text), text]));
    this.only = only;
  }

  /**
   * Those of a folder (`.graphql` files at any depth, each as it is, and its operations one by one as graphql-js prints
   * them) or of a manifest: Apollo's, or an object of texts by hash as GraphQL Code Generator writes. Throws `CONFIG_INVALID` for what cannot be read, or does not have the hash it is under.
   */
  static async read(path: string, only: boolean): Promise<TrustedDocuments> {
    try {
      const texts = (await stat(path)).isDirectory()
        ? await textsOfFolder(path)
        : textsOfManifest(JSON.parse(await readFile(path, 'utf8')));
      return new TrustedDocuments(texts, only);
    } catch (error) {
      throw new Failure('CONFIG_INVALID', `no trusted documents at ${path}: ${(error as Error).message}`, {
        setting: 'NOMOGRAPH_TRUSTED_DOCUMENTS',
        value: path,
      });
    }
  }

  get size(): number {
    return this.#texts.size;
  }

  /**
   * The text of what a request names, or brings itself. Throws `DOCUMENT_UNTRUSTED` for a hash that is not known, and for
   * a text that is not where all others are refused; `INPUT_INVALID` for a text of another hash than is given with it.
   */
  textOf(hash: string | undefined, text: string | undefined): string | undefined {
    if (hash === undefined || (text !== undefined && text !== '')) {
      if (text === undefined || (hash === undefined && !this.only)) return text;
      const actual = sha256(text);
      if (hash !== undefined && hash !== actual)
        throw new Failure('INPUT_INVALID', 'the document does not have the hash that is given for it');
      if (this.only && !this.#texts.has(actual))
        throw new Failure('DOCUMENT_UNTRUSTED', 'the document is none of those that this server trusts');
      return text;
    }
    const known = this.#texts.get(hash);
    if (known === undefined)
      throw new Failure('DOCUMENT_UNTRUSTED', 'no document of that SHA-256 is known to this server');
    return known;
  }
}

/** The hash by which a request names a document: as Apollo's clients do, or by `documentId`; undefined without one. */
export function hashOf(request: {
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}): string | undefined {
  const { persistedQuery } = (request.extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } };
  const given = persistedQuery?.sha256Hash ?? request.documentId;
  return typeof given === 'string' ? given.replace(/^sha256:/, '').toLowerCase() : undefined;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function textsOfFolder(path: string): Promise<string[]> {
  const names = (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.graphql')).sort();
  const files = await Promise.all(names.map((name) => readFile(join(path, name), 'utf8')));
  // Clients that are generated from a file of several operations send each one by itself.
  return files.flatMap((text) => [text, ...Object.values(separateOperations(parse(text))).map(print)]);
}

function textsOfManifest(manifest: unknown): string[] {
  const { operations } = manifest as { operations?: unknown };
  const entries: [unknown, unknown][] = Array.isArray(operations)
    ? operations.map(({ id, body }: { id?: unknown; body?: unknown }) => [id, body])
    : Object.entries(manifest as object);
  return entries.map(([hash, text]) => {
    if (typeof text !== 'string' || hash !== sha256(text))
      throw new Error(`"${String(hash).slice(0, 70)}" is not the SHA-256 of its document`);
    return text;
  });
}
