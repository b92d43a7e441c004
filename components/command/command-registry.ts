'use client';

import { useEffect, useRef } from 'react';
import { createStore } from 'zustand/vanilla';

import type { Command } from './command.ts';

/** What a page adds to the palette while it is open. */
export interface CommandSource {
  /** Read each time the palette opens. */
  commands(): readonly Command[];
  /** What holds this text on the page: for Ctrl+F, and below the commands. */
  find?(query: string): readonly Command[];
}

export interface PaletteState {
  /** `find` lists only what the page finds. */
  readonly mode: 'closed' | 'commands' | 'find';
}

/** Whether the palette is open, and for what. */
export const paletteStore = createStore<PaletteState>(() => ({ mode: 'closed' }));

const sources = new Set<CommandSource>();

/** All that the pages on screen offer. */
export function pageCommands(): readonly Command[] {
  return [...sources].flatMap((source) => source.commands());
}

/** What the pages on screen find of a text. */
export function foundCommands(query: string): readonly Command[] {
  return [...sources].flatMap((source) => source.find?.(query) ?? []);
}

/** Adds commands to the palette while the component is mounted. */
export function useCommandSource(source: CommandSource): void {
  // Not an effect event: the palette asks while it is drawn.
  const latest = useRef(source);
  useEffect(() => {
    latest.current = source;
  });
  useEffect(() => {
    const own: CommandSource = {
      commands: () => latest.current.commands(),
      find: (query) => latest.current.find?.(query) ?? [],
    };
    sources.add(own);
    return () => void sources.delete(own);
  }, []);
}
