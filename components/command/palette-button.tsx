'use client';

import { Search } from 'lucide-react';
import { useSyncExternalStore } from 'react';

import { isMacKeyboard, keyNames } from '#components/canvas/key-names.ts';
import { cn } from '#components/ui/cn.ts';
import { Kbd } from '#components/ui/kbd.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';

import { paletteStore } from './command-registry.ts';

// A keyboard stays what it is; only the server does not know it.
const never = () => () => undefined;

/** Opens the command palette, for those who do not know its key yet. */
export function PaletteButton({ isFolded }: { isFolded: boolean }) {
  const keys = keyNames(
    ['Mod', 'K'],
    useSyncExternalStore(never, isMacKeyboard, () => false),
  );
  const button = (
    <button
      type="button"
      aria-label="Search and commands"
      className={cn(
        'flex h-8 cursor-pointer items-center gap-2 rounded-md border border-border bg-surface px-2 text-sm text-muted-foreground focus-ring hover:border-border-strong hover:text-foreground',
        isFolded ? 'w-8 justify-center px-0' : 'w-full',
      )}
      onClick={() => paletteStore.setState({ mode: 'commands' })}
    >
      <Search aria-hidden className="size-4 shrink-0" />
      {!isFolded && (
        <>
          <span className="flex-1 text-left">Search</span>
          <Kbd keys={keys} />
        </>
      )}
    </button>
  );
  return isFolded ? (
    <Tooltip label="Search and commands" keys={keys} side="right">
      {button}
    </Tooltip>
  ) : (
    button
  );
}
