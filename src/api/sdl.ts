import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { GraphQLSchema } from 'graphql';
import { printSdl } from './schema.ts';

/**
 * `GET /schema.graphql`: the schema as SDL, the file that is checked in, for tools that generate code from the server
 * they will talk to. It is for who is signed in, as introspection is, and says no more than that does. It has an ETag, so
 * that to ask whether it changed costs no transfer.
 */
export function sendSdl(schema: GraphQLSchema): RequestHandler {
  let sdl: string | undefined;
  let etag: string | undefined;
  return (_request, response) => {
    sdl ??= printSdl(schema);
    etag ??= `"${createHash('sha256').update(sdl).digest('base64url')}"`;
    // There is no registered media type for SDL; text is what browsers show and tools read.
    response.type('text/plain').set({ etag, 'cache-control': 'private, no-cache' }).send(sdl);
  };
}
