import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestHandler } from 'express';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { Failure } from '../../engine/failure.ts';
import type { Limits } from '../../limits.ts';
import { maxValidationErrors } from './beyond.ts';
import { requireCost } from './cost.ts';
import { checkDocumentShape } from './document-shape.ts';
import { checkDocumentText } from './document-text.ts';
import { checkJsonSize, checkVariables } from './json-size.ts';
import { hashOf, TrustedDocuments } from './trusted-documents.ts';

/** The characters of documents that are remembered, so that what is asked again and again is looked at once. */
const rememberedLength = 2 ** 20;

/** What a client asks for, over any transport. */
export interface GraphRequest {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: unknown;
  readonly variables?: unknown;
}

interface GuardParts {
  readonly schema: GraphQLSchema;
  readonly limits: Limits;
  readonly trusted?: TrustedDocuments | undefined;
  /** Whether clients may ask for the schema, and are told of names like those that they mistook. */
  readonly introspection: boolean;
}

/** What every operation passes before it is executed, the same over HTTP, WebSocket and event streams. */
export class Guard {
  readonly limits: Limits;
  /** Rules of validation beyond those of the specification. */
  readonly rules: readonly ValidationRule[];
  readonly validationOptions: { readonly maxErrors: number; readonly hideSuggestions: boolean };
  readonly #schema: GraphQLSchema;
  readonly #trusted: TrustedDocuments;
  /** Documents within the limits by their text, the one asked for last at the end. */
  readonly #seen = new Map<string, DocumentNode>();
  #seenLength = 0;
  readonly #valid = new WeakSet<DocumentNode>();

  constructor({ schema, limits, trusted = new TrustedDocuments([]), introspection }: GuardParts) {
    this.limits = limits;
    this.rules = introspection ? [] : [NoSchemaIntrospectionCustomRule];
    this.validationOptions = { maxErrors: maxValidationErrors, hideSuggestions: !introspection };
    this.#schema = schema;
    this.#trusted = trusted;
  }

  /**
   * The text of the document that a request brings or names, which may be used; undefined where it has none.
   * Throws `LIMIT_EXCEEDED`, `DOCUMENT_UNTRUSTED`, `INPUT_INVALID`.
   */
  admit(request: GraphRequest): string | undefined {
    const { query } = request;
    checkVariables(request.variables, this.limits);
    return this.#trusted.textOf(hashOf(request), typeof query === 'string' ? query : undefined);
  }

  /** The document of an admitted text. Throws `LIMIT_EXCEEDED`, or a GraphQLError where it cannot be parsed. */
  parse(text: string): DocumentNode {
    let document = this.#seen.get(text);
    if (document) {
      this.#seen.delete(text);
    } else {
      checkDocumentText(text, this.limits);
      document = parse(text);
      checkDocumentShape(document, this.limits);
      this.#seenLength += text.length;
    }
    this.#seen.set(text, document);
    for (const oldest of this.#seen.keys()) {
      if (this.#seenLength <= rememberedLength) break;
      this.#seen.delete(oldest);
      this.#seenLength -= oldest.length;
    }
    return document;
  }

  /** What is wrong with a document by the schema. */
  validate(document: DocumentNode): readonly GraphQLError[] {
    if (this.#valid.has(document)) return [];
    const rules = [...specifiedRules, ...this.rules];
    const errors = validate(this.#schema, document, rules, this.validationOptions);
    if (errors.length === 0) this.#valid.add(document);
    return errors;
  }

  /** Throws `LIMIT_EXCEEDED` for a valid operation that may cost too much. */
  requireCost(
    document: DocumentNode,
    operationName: string | null | undefined,
    variables: Record<string, unknown> | null | undefined,
  ): void {
    const operation = getOperationAST(document, operationName);
    if (!operation) return;
    requireCost(this.#schema, { document, operation, variables: variables ?? {} }, this.limits);
  }

  /** Looks at the bytes of a body before they are parsed; for Express' reader of JSON. */
  readonly verifyBody = (_request: unknown, _response: unknown, body: Buffer): void => {
    checkJsonSize(body, this.limits);
  };

  /** Admits requests over HTTP, and puts the text of a document in the place of its hash. */
  readonly admitRequests: RequestHandler = (request, _response, next) => {
    if (request.method === 'GET') {
      const [path] = request.url.split('?');
      const search = new URL(request.url, 'http://localhost').searchParams;
      const text = this.#admitDocument({
        query: search.get('query') ?? undefined,
        documentId: search.get('documentId'),
        extensions: jsonOf(search.get('extensions')),
        variables: jsonOf(search.get('variables')),
      });
      if (text !== undefined && !search.get('query')) {
        search.set('query', text);
        search.delete('extensions');
        request.url = `${path}?${search}`;
      }
    } else if (isRequest(request.body)) {
      const text = this.#admitDocument(request.body);
      const { query: _query, extensions, ...rest } = request.body;
      const named = hashOf(request.body) !== undefined;
      if (text !== undefined)
        request.body = { ...rest, query: text, ...(!named && extensions !== undefined && { extensions }) };
    }
    next();
  };

  #admitDocument(request: GraphRequest): string | undefined {
    const text = this.admit(request);
    try {
      if (text) this.parse(text);
    } catch (error) {
      // Apollo Server says what is wrong with it.
      if (!(error instanceof GraphQLError)) throw error;
    }
    return text;
  }

  /** Holds operations over HTTP to the limit of cost, which depends on their variables. */
  readonly plugin: ApolloServerPlugin = {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, request }) => {
        try {
          this.requireCost(document, request.operationName, request.variables);
        } catch (error) {
          throw asRefusal(error);
        }
      },
    }),
  };
}

function isRequest(body: unknown): body is GraphRequest {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

/** What a text is as JSON; undefined where it is none, which is for others to refuse. */
function jsonOf(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A failure as an error of the graph, which over HTTP answers with status 400. Throws what is neither. */
export function asRefusal(error: unknown): GraphQLError {
  const http = { status: 400 };
  if (error instanceof GraphQLError) {
    error.extensions.code ??= 'BAD_USER_INPUT';
    error.extensions.http ??= http;
    return error;
  }
  if (!(error instanceof Failure)) throw error;
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { code: error.code, http },
  });
}
