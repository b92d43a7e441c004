import { COMMAND_GROUPS } from './command.ts';
import type { Command } from './command.ts';
import { wordScore, wordsOf } from './word-score.ts';

/** A command with the heading that it is shown under. */
export interface RankedCommand {
  readonly command: Command;
  readonly heading: string;
}

/** The most lines that the palette shows. */
const MOST = 50;
/** The most lines of one group, and of what was used last, while nothing is typed. */
const MOST_OF_GROUP = 8;
const MOST_RECENT = 5;

/**
 * The commands in the order in which the palette shows them. While nothing is typed: what was used last, then group by
 * group. Else the best match first: every word must be found in the label, the hint or the further words; of equals, what
 * was used last comes first.
 */
export function rankCommands(
  commands: readonly Command[],
  query: string,
  recent: readonly string[],
): RankedCommand[] {
  const words = wordsOf(query);
  if (words.length === 0) return inGroups(commands, recent);
  return commands
    .map((command, index) => ({ command, index, score: scoreOf(command, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || recency(recent, b) - recency(recent, a) || a.index - b.index)
    .slice(0, MOST)
    .map(({ command }) => ({ command, heading: command.group }));
}

function inGroups(commands: readonly Command[], recent: readonly string[]): RankedCommand[] {
  const last = recent
    .flatMap((id) => commands.find((command) => command.id === id) ?? [])
    .slice(0, MOST_RECENT)
    .map((command) => ({ command, heading: 'Used last' }));
  const shown = new Set(last.map(({ command }) => command.id));
  const rest = COMMAND_GROUPS.flatMap((group) =>
    commands
      .filter((command) => command.group === group && !shown.has(command.id))
      .slice(0, MOST_OF_GROUP)
      .map((command) => ({ command, heading: command.group })),
  );
  return [...last, ...rest].slice(0, MOST);
}

function scoreOf({ label, hint = '', words: more = '' }: Command, words: readonly string[]): number {
  const name = label.toLowerCase();
  const other = `${hint} ${more}`.toLowerCase();
  return Math.min(...words.map((word) => Math.max(wordScore(name, word), other.includes(word) ? 2 : 0)));
}

/** Higher for what was used later. */
function recency(recent: readonly string[], { command }: { command: Command }): number {
  const at = recent.indexOf(command.id);
  return at < 0 ? 0 : recent.length - at;
}
