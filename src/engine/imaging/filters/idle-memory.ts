import { Failure } from '../../failure.ts';

interface WithMemory {
  readonly memory: WebAssembly.Memory;
}

const page = 2 ** 16;
const mostBytes = 2 ** 32;
/** Memory up to this size is kept, however little of it the next needs. */
const smallBytes = 2 ** 24;

/**
 * Keeps what has a memory of WebAssembly for whoever needs one next: its pages are there already, and it is not left to the
 * garbage collector, which may not come in time where there are many small regions. Another is made where none is idle, or
 * where that which is would be far too large.
 */
export class IdleMemory<T extends WithMemory> {
  private readonly create: () => T;
  private idle: T | undefined;

  constructor(create: () => T) {
    this.create = create;
  }

  /** For about so many bytes. What is in the memory is left of other uses. */
  take(bytes: number): T {
    const { idle } = this;
    this.idle = undefined;
    return idle !== undefined && idle.memory.buffer.byteLength <= smallBytes + 4 * bytes
      ? idle
      : this.create();
  }

  give(it: T): void {
    this.idle = it;
  }
}

/** Lets a memory have so many bytes at least; tells whether it grew. Throws `IMAGE_TOO_LARGE` where there are not so many. */
export function growTo(memory: WebAssembly.Memory, bytes: number): boolean {
  const missing = bytes - memory.buffer.byteLength;
  if (missing <= 0) return false;
  try {
    if (bytes > mostBytes) throw new RangeError();
    memory.grow(Math.ceil(missing / page));
    return true;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const mebibytes = Math.ceil(bytes / 2 ** 20);
    throw new Failure(
      'IMAGE_TOO_LARGE',
      `The region of interest is too large: ${mebibytes} MiB in one piece are needed and cannot be had.`,
      { mebibytes, limit: mostBytes / 2 ** 20 },
    );
  }
}
