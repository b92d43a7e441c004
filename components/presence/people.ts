import type { Presence } from '#core/api/flow-live.ts';

/** Somebody else who has the flow open, in one or several pages. */
export interface Person {
  readonly userId: string;
  readonly name: string;
  readonly initials: string;
  /** Which of the colours `--person-1` to `--person-6` stands for them. */
  readonly colour: number;
  /** The nodes that they have selected, in any of their pages. */
  readonly selected: readonly string[];
}

const COLOURS = 6;

/** The people behind open pages, by name; each with a colour that no other one has, as long as there are enough. */
export function peopleOf(pages: readonly Presence[]): Person[] {
  const taken = new Set<number>();
  const groups = Map.groupBy(pages, ({ userId }) => userId);
  return [...groups]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([userId, ownPages]) => {
      const name = ownPages[0]?.name ?? '';
      const colour = freeColour(hashOf(userId), taken);
      taken.add(colour);
      const selected = [...new Set(ownPages.flatMap((page) => page.selected))];
      return { userId, name, initials: initialsOf(name), colour, selected };
    })
    .sort((left, right) => left.name.localeCompare(right.name));
}

/** One or two letters for a name or an e-mail address: `AL` for Ada Lovelace, `AD` for ada@example.com. */
export function initialsOf(name: string): string {
  const words = name
    .replace(/@.*$/, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  const [first = '?', last] = [words[0], words.length > 1 ? words.at(-1) : undefined];
  const letters = last === undefined ? [...first].slice(0, 2) : [[...first][0], [...last][0]];
  return letters.join('').toUpperCase();
}

function freeColour(wanted: number, taken: ReadonlySet<number>): number {
  const inOrder = Array.from({ length: COLOURS }, (_, index) => ((wanted + index) % COLOURS) + 1);
  return inOrder.find((colour) => !taken.has(colour)) ?? (wanted % COLOURS) + 1;
}

function hashOf(text: string): number {
  return [...text].reduce((hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003, 7);
}
