import { GraphQLError, Lexer, Source, TokenKind } from 'graphql';
import type { Limits } from '../../limits.ts';
import { beyond, maxNesting } from './beyond.ts';

const opening: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closing: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Holds a document to its limits before it is parsed: the parser recurses into every bracket. What is no token at all is
 * left to the parser to refuse. Throws `LIMIT_EXCEEDED`.
 */
export function checkDocumentText(text: string, limits: Limits): void {
  if (text.length > limits.documentLength)
    throw beyond(
      'documentLength',
      limits.documentLength,
      text.length,
      `the document has ${text.length} characters`,
    );
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  let nesting = 0;
  try {
    for (let { kind } = lexer.advance(); kind !== TokenKind.EOF; { kind } = lexer.advance()) {
      // The rest is not counted: that would be the very work that the limit saves.
      if (++tokens > limits.tokens)
        throw beyond('tokens', limits.tokens, tokens, `the document has more than ${limits.tokens} tokens`);
      if (opening.has(kind) && ++nesting > maxNesting)
        throw beyond(
          'nesting',
          maxNesting,
          nesting,
          `the document's brackets are nested ${nesting} deep or deeper`,
        );
      if (closing.has(kind)) nesting--;
    }
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
  }
}
