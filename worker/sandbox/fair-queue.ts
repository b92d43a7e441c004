/** A queue whose owners take turns: one who adds much waits for the others, and keeps an order of one's own. */
export class FairQueue<Item> {
  /** In the order of their next turns. */
  readonly #owners = new Map<string, Item[]>();

  add(owner: string, item: Item): void {
    const items = this.#owners.get(owner);
    if (items) items.push(item);
    else this.#owners.set(owner, [item]);
  }

  /** Undefined when nothing waits. */
  take(): Item | undefined {
    const [first] = this.#owners;
    if (first === undefined) return undefined;
    const [owner, items] = first;
    const item = items.shift();
    // To the end of the line.
    this.#owners.delete(owner);
    if (items.length > 0) this.#owners.set(owner, items);
    return item;
  }

  remove(owner: string, item: Item): void {
    const left = this.#owners.get(owner)?.filter((each) => each !== item) ?? [];
    if (left.length > 0) this.#owners.set(owner, left);
    else this.#owners.delete(owner);
  }
}
