import DataLoader from 'dataloader';

/** The lists that belong to rows, by the rows' identifiers: those that are asked for together are read by one statement. */
export class ListLoader<T> {
  readonly #known = new Map<string, T[]>();
  readonly #groups: DataLoader<readonly string[], true>;

  /** `read` gives the lists of some identifiers; those without rows may be absent. */
  constructor(read: (ids: readonly string[]) => Promise<ReadonlyMap<string, T[]>>) {
    this.#groups = new DataLoader(
      async (groups) => {
        const wanted = [...new Set(groups.flat())].filter((id) => !this.#known.has(id));
        const lists = await read(wanted);
        for (const id of wanted) this.#known.set(id, lists.get(id) ?? []);
        return groups.map(() => true as const);
      },
      { cache: false },
    );
  }

  /** The list, at once where it was read before. */
  of(id: string): T[] | Promise<T[]> {
    return this.#known.get(id) ?? this.#groups.load([id]).then(() => this.#known.get(id) as T[]);
  }

  /** Reads the lists before they are asked for, and returns what is in them. */
  async readAhead(ids: readonly string[]): Promise<T[]> {
    await this.#groups.load(ids);
    return ids.flatMap((id) => this.#known.get(id) as T[]);
  }
}
