import { post } from './connection.ts';
import { connectionFailed, errorOfResponse, NomographError } from './nomograph-error.ts';
import type { OpenStream, StreamedResult } from './stream.ts';

/**
 * A subscription as Server-Sent Events over one `fetch`, for places that no WebSocket reaches: the "distinct connections" mode
 * of https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md.
 */
export const openEventStream: OpenStream = async function* (request) {
  const { connection, query, variables, signal, silence, onConnected } = request;
  const fuse = new AbortController();
  let listening = setTimeout(() => fuse.abort(), silence);
  try {
    const together = signal ? AbortSignal.any([signal, fuse.signal]) : fuse.signal;
    const response = await post(
      connection,
      '/graphql/stream',
      'text/event-stream',
      { query, variables },
      together,
    );
    if (!response.ok || !response.body) throw await errorOfResponse(response);
    onConnected();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw connectionFailed('the event stream broke off');
      // How long its reader takes over an event says nothing about the connection.
      clearTimeout(listening);
      // An event ends by an empty line; the last piece is the beginning of one that is under way.
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop() as string;
      for (const block of blocks) {
        const { event, data } = readBlock(block);
        if (event === 'complete') return;
        if (event === 'next') yield JSON.parse(data) as StreamedResult;
      }
      listening = setTimeout(() => fuse.abort(), silence);
    }
  } catch (error) {
    if (error instanceof NomographError) throw error;
    throw connectionFailed(`the event stream broke: ${(error as Error).message}`, undefined, error);
  } finally {
    clearTimeout(listening);
    fuse.abort();
  }
};

/** The fields of one event: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
function readBlock(block: string): { event: string; data: string } {
  let event = '';
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value] = line.match(/^(event|data): ?(.*)$/s) ?? [];
    if (field === 'event') event = value as string;
    if (field === 'data') data.push(value as string);
  }
  return { event, data: data.join('\n') };
}
