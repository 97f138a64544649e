import { once } from 'node:events';
import { type ClientOptions, WebSocket } from 'ws';
import type { GraphBody, GraphErrorBody } from './server.ts';

/** A message of the graphql-transport-ws protocol. */
export interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A client of graphql-transport-ws that can misbehave: it says what it likes, when it likes, and breaks off. */
export class RawSocket {
  readonly #socket: WebSocket;
  readonly #messages: Message[] = [];
  #wake = () => {};
  /** The code and reason by which the server closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #over = false;
  #broken = false;

  private constructor(url: string, options: ClientOptions) {
    this.#socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws', options);
    this.#socket.on('message', (data) => {
      this.#messages.push(JSON.parse(String(data)) as Message);
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      this.#socket.on('close', (code, reason) => {
        this.#over = true;
        this.#wake();
        resolve({ code, reason: String(reason) });
      });
    });
    this.#socket.on('error', () => {});
  }

  /** Connects without a word about who it is. */
  static async open(url: string, headers: Record<string, string> = {}): Promise<RawSocket> {
    const socket = new RawSocket(url, { headers });
    await once(socket.#socket, 'open');
    return socket;
  }

  /** Connects and signs in. */
  static async signedIn({ url, token }: { url: string; token: string }): Promise<RawSocket> {
    const socket = await RawSocket.open(url);
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    if (!(await socket.next())) throw new Error('the server closed the connection');
    return socket;
  }

  send(message: Message | string): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  subscribe(id: string, query: string, variables: object = {}): void {
    this.send({ type: 'subscribe', id, payload: { query, variables } });
  }

  /** The next message; undefined after the end, and at once where this side broke the connection. */
  async next(): Promise<Message | undefined> {
    if (this.#broken) return undefined;
    while (this.#messages.length === 0 && !this.#over && !this.#broken)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.#broken ? undefined : this.#messages.shift();
  }

  /** The errors by which an operation is answered, as the result's or instead of one. */
  async errorsOf(query: string, variables: object = {}): Promise<readonly GraphErrorBody[]> {
    this.subscribe('errors', query, variables);
    const message = await this.next();
    if (message?.type === 'error') return message.payload as GraphErrorBody[];
    await this.next(); // complete
    return (message?.payload as GraphBody | undefined)?.errors ?? [];
  }

  /** Breaks the connection without a word. */
  terminate(): void {
    this.#broken = true;
    this.#wake();
    this.#socket.terminate();
  }
}
