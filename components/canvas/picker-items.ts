import { wordScore, wordsOf } from '#components/command/word-score.ts';
import { CONNECTORS } from '#connectors/definitions.ts';
import type { ConnectorDef } from '#connectors/contract.ts';

/** One operation as palette and quick picker offer it. */
export interface PickerItem {
  /** `<connector>.<operation>`. */
  readonly type: string;
  readonly version: number;
  readonly kind: 'trigger' | 'action';
  readonly label: string;
  readonly summary: string;
  readonly icon: string;
  readonly group: string;
}

export interface PickerGroup {
  readonly title: string;
  readonly items: readonly PickerItem[];
}

const GROUP_TITLES: Readonly<Record<Exclude<ConnectorDef['category'], 'app'>, string>> = {
  flow: 'Flow',
  data: 'Data',
  http: 'HTTP',
  credential: 'Credentials',
};
const APPS = CONNECTORS.filter(({ category }) => category === 'app').map(({ label }) => label);
/** The triggers that need no app; those of an app stand with its actions. */
export const TRIGGERS = 'Triggers';
const GROUP_ORDER = [TRIGGERS, ...Object.values(GROUP_TITLES), ...APPS];

/** Every operation that can be put on the canvas, newest version of each. */
export const PICKER_ITEMS: readonly PickerItem[] = pickerItems(CONNECTORS);

/** The operations of these connectors; only the newest version of each can be added. */
export function pickerItems(connectors: readonly ConnectorDef[]): PickerItem[] {
  const newest = new Map<string, PickerItem>();
  for (const connector of connectors) {
    for (const { id, version, kind, label, summary, icon } of connector.operations) {
      const type = `${connector.id}.${id}`;
      const group = kind === 'trigger' && connector.category !== 'app' ? TRIGGERS : groupOf(connector);
      const known = newest.get(type);
      if (!known || known.version < version)
        newest.set(type, { type, version, kind, label, summary, icon, group });
    }
  }
  return [...newest.values()];
}

/** Best matches first; all of them, in order, for an empty query. Every word of the query must match. */
export function searchItems(items: readonly PickerItem[], query: string): PickerItem[] {
  const words = wordsOf(query);
  if (words.length === 0) return [...items];
  return items
    .map((item, index) => ({ item, index, score: Math.min(...words.map((word) => scoreOf(item, word))) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ item }) => item);
}

/** Items under their group titles, in the palette's order; empty groups are left out. */
export function groupItems(items: readonly PickerItem[]): PickerGroup[] {
  return GROUP_ORDER.map((title) => ({ title, items: items.filter((item) => item.group === title) })).filter(
    (group) => group.items.length > 0,
  );
}

/** An app is a group of its own. */
function groupOf({ category, label }: ConnectorDef): string {
  return category === 'app' ? label : GROUP_TITLES[category];
}

function scoreOf(item: PickerItem, word: string): number {
  const score = wordScore(item.label.toLowerCase(), word);
  if (score >= 3) return score;
  if (item.type.includes(word)) return 3;
  if (item.group.toLowerCase().startsWith(word) || item.summary.toLowerCase().includes(word)) return 2;
  return score;
}
