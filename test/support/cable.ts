import { connect, createServer, type Server, type Socket } from 'node:net';

/** Passes connections on to the server until it is told to cut them, or until each has brought so many bytes. */
export class Cable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(port: number, bytes = Number.POSITIVE_INFINITY) {
    this.#server = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on('error', () => {}).on('close', () => to.destroy());
      }
      near.pipe(far);
      let left = bytes;
      far.on('data', (data) => {
        near.write(data.subarray(0, left));
        left -= data.length;
        if (left <= 0) near.end(() => near.destroy());
      });
    });
  }

  async plug(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `ws://127.0.0.1:${(this.#server.address() as { port: number }).port}/graphql`;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  unplug(): void {
    this.cut();
    this.#server.close();
  }
}
