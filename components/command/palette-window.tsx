'use client';

import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { useRef, useState } from 'react';
import { useStore } from 'zustand';

import { PickerList } from '#components/canvas/picker-list.tsx';
import { cn } from '#components/ui/cn.ts';
import { dialogPopupClasses, dialogViewportClasses } from '#components/ui/dialog.tsx';
import { backdropClasses } from '#components/ui/popup-classes.ts';

import { useAppCommands } from './app-commands.tsx';
import type { Command } from './command.ts';
import { foundCommands, pageCommands, paletteStore } from './command-registry.ts';
import { rankCommands } from './rank-commands.ts';
import type { RankedCommand } from './rank-commands.ts';
import { readRecent, rememberCommand } from './recent-commands.ts';
import { useStoredCommands } from './stored-commands.tsx';

/** The palette itself; see `CommandPalette`. */
export function PaletteWindow() {
  const mode = useStore(paletteStore, (state) => state.mode);
  const chosen = useRef<Command | null>(null);
  const close = () => paletteStore.setState({ mode: 'closed' });
  return (
    <BaseDialog.Root
      open={mode !== 'closed'}
      onOpenChange={(open) => !open && close()}
      onOpenChangeComplete={(open) => {
        // Once focus is back where it was: what a command focuses keeps it.
        if (!open) chosen.current?.run();
        chosen.current = null;
      }}
    >
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={cn(backdropClasses)} />
        <BaseDialog.Viewport className={dialogViewportClasses}>
          <BaseDialog.Popup
            aria-label={mode === 'find' ? 'Find in this flow' : 'Commands'}
            className={cn(dialogPopupClasses, 'max-w-xl overflow-hidden')}
          >
            <PaletteContent
              isFind={mode === 'find'}
              onClose={close}
              onChoose={(command) => {
                rememberCommand(window.localStorage, command.id);
                chosen.current = command;
                close();
              }}
            />
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

interface ContentProps {
  readonly isFind: boolean;
  readonly onClose: () => void;
  readonly onChoose: (command: Command) => void;
}

function PaletteContent({ isFind, onClose, onChoose }: ContentProps) {
  const [query, setQuery] = useState('');
  const { ranked, isSearching } = useRanked(query, isFind);
  return (
    <PickerList
      label={isFind ? 'Find in this flow' : 'Commands'}
      placeholder={isFind ? 'Names, settings and expressions of this flow…' : 'Go to, do, find…'}
      query={query}
      onQueryChange={setQuery}
      options={ranked.map(({ command, heading }) => ({
        id: command.id,
        label: command.label,
        hint: command.hint,
        icon: (
          <span className="flex size-5 items-center justify-center text-muted-foreground [&>svg]:size-4">
            {command.icon}
          </span>
        ),
        keys: command.keys,
        group: heading,
      }))}
      emptyText={emptyText(query, isFind, isSearching)}
      onClose={onClose}
      onChoose={(id) => {
        const choice = ranked.find(({ command }) => command.id === id);
        if (choice) onChoose(choice.command);
      }}
    />
  );
}

function emptyText(query: string, isFind: boolean, isSearching: boolean): string {
  if (isSearching) return 'Searching…';
  if (isFind && query.trim() === '') return 'Type what a name, a setting or an expression holds.';
  return isFind ? `Nothing in this flow holds “${query.trim()}”.` : 'Nothing found.';
}

function useRanked(
  query: string,
  isFind: boolean,
): { ranked: readonly RankedCommand[]; isSearching: boolean } {
  const app = useAppCommands();
  const stored = useStoredCommands(isFind ? '' : query);
  const [page] = useState(pageCommands);
  const [recent] = useState(() => readRecent(window.localStorage));
  const found = query.trim() === '' ? [] : foundCommands(query);
  if (isFind) {
    const heading = found.length === 1 ? 'One place' : `${found.length} places`;
    const ranked = found.map((command) => ({ command, heading }));
    return { ranked, isSearching: false };
  }
  const ranked = rankCommands([...page, ...app, ...stored.commands], query, recent);
  const further = found.slice(0, 8).map((command) => ({ command, heading: 'In this flow' }));
  return { ranked: [...ranked, ...further], isSearching: stored.isSearching };
}
