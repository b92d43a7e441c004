import type { ReactNode } from 'react';

/** The groups of the palette, in the order in which it lists them. */
export const COMMAND_GROUPS = [
  'This flow',
  'Nodes',
  'Found',
  'Actions',
  'Go to',
  'Flows',
  'Runs',
  'Connections',
] as const;

export type CommandGroup = (typeof COMMAND_GROUPS)[number];

/** One line of the command palette. */
export interface Command {
  /** Stays the same from visit to visit: what was used last is remembered by it. */
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly group: CommandGroup;
  /** More words that find it. */
  readonly words?: string;
  readonly icon?: ReactNode;
  readonly keys?: readonly string[];
  run(): void;
}
