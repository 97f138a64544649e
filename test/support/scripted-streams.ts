import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** What a connection of a scripted server does once it is asked for a job's events after a number. */
export type Script = (stream: ScriptedStream, after: number, authorization: string | undefined) => void;

/** One subscription from the server's side, over whichever transport. */
export interface ScriptedStream {
  event(sequence: number, type?: string): void;
  errors(code: string, details?: object): void;
  complete(): void;
  /** Breaks the connection without a word. */
  cut(): void;
  /** Closes the WebSocket with a code; answers an event stream that has not begun with a status. */
  close(code: number): void;
}

/**
 * A server that speaks the protocols of streams by a script, one for each connection in turn, the last for all that follow;
 * `after` of each subscription is kept. What the real server does only when it is in trouble can be had from it at will.
 */
export async function serveScript(scripts: readonly Script[]) {
  const asked: number[] = [];
  const take = () => scripts[Math.min(asked.length, scripts.length) - 1] as Script;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      asked.push(JSON.parse(body).variables.after);
      take()(eventStream(response), asked.at(-1) as number, request.headers.authorization);
    });
  });
  const sockets = new WebSocketServer({ server, autoPong: false });
  sockets.on('connection', (socket) => {
    let authorization: string | undefined;
    socket.on('error', () => {});
    socket.on('message', (data) => {
      const { type, payload, id } = JSON.parse(String(data));
      if (type === 'connection_init') {
        authorization = payload?.authorization;
        socket.send(JSON.stringify({ type: 'connection_ack' }));
      }
      if (type !== 'subscribe') return;
      asked.push(payload.variables.after);
      take()(socketStream(socket, id), asked.at(-1) as number, authorization);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** `after` of each subscription so far. */
    asked,
    stop: () => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      server.close();
    },
  };
}

function socketStream(socket: WebSocket, id: string): ScriptedStream {
  const send = (message: object) => socket.send(JSON.stringify(message));
  return {
    event: (sequence, type) => send({ id, type: 'next', payload: eventOf(sequence, type) }),
    errors: (code, details) => send({ id, type: 'next', payload: errorsOf(code, details) }),
    complete: () => send({ id, type: 'complete' }),
    cut: () => socket.terminate(),
    close: (code) => socket.close(code),
  };
}

function eventStream(response: ServerResponse): ScriptedStream {
  const begin = () => {
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
  };
  // Pieces as small as can be: letters of several bytes are torn, and so are the ends of lines.
  const send = (text: string) => {
    begin();
    for (const byte of Buffer.from(text)) response.write(Buffer.of(byte));
  };
  return {
    event: (sequence, type) => send(`event: next\ndata: ${JSON.stringify(eventOf(sequence, type))}\n\n:\n\n`),
    errors: (code, details) => send(`event: next\ndata: ${JSON.stringify(errorsOf(code, details))}\n\n`),
    complete: () => {
      send('event: complete\ndata:\n\n');
      response.end();
    },
    cut: () => {
      begin();
      response.flushHeaders();
      response.socket?.destroy();
    },
    close: (status) => response.writeHead(status).end('no JSON'),
  };
}

function eventOf(sequence: number, type = 'JobProgress') {
  return { data: { jobEvents: { __typename: type, sequence, note: 'größer, 肝' } } };
}

function errorsOf(code: string, details: object = { why: 'test' }) {
  return { errors: [{ message: `refused with ${code}`, extensions: { code, details } }] };
}
