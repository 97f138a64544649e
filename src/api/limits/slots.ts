import type { Limits } from '../../limits.ts';
import { beyond } from './beyond.ts';

/** What each of those who are signed in has open at once. */
export class Slots {
  readonly #limit: 'sockets' | 'streams';
  readonly #maximum: number;
  readonly #taken = new Map<string, number>();

  constructor(limit: 'sockets' | 'streams', limits: Limits) {
    this.#limit = limit;
    this.#maximum = limits[limit];
  }

  /** Takes one, until the function returned is called. Throws `LIMIT_EXCEEDED` where all are taken. */
  take({ id }: { readonly id: string }): () => void {
    const taken = (this.#taken.get(id) ?? 0) + 1;
    if (taken > this.#maximum)
      throw beyond(this.#limit, this.#maximum, taken, `${taken} ${this.#limit} would be open at once`);
    this.#taken.set(id, taken);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const others = (this.#taken.get(id) ?? 0) - 1;
      if (others > 0) this.#taken.set(id, others);
      else this.#taken.delete(id);
    };
  }
}
