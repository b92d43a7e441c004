'use client';

import { Search } from 'lucide-react';
import { useState } from 'react';

import type { Connector } from '#components/api/connections.ts';
import { OperationIcon } from '#components/canvas/operation-icon.tsx';
import { cn } from '#components/ui/cn.ts';
import { Input } from '#components/ui/input.tsx';

import { useConnectorLooks } from './connector-looks.tsx';

/** All that can be connected, apps first; typing narrows it down. */
export function AppPicker({
  connectors,
  onPick,
}: {
  connectors: readonly Connector[];
  onPick: (connector: Connector) => void;
}) {
  const [search, setSearch] = useState('');
  const found = connectors.filter((connector) => matches(connector, search));
  const groups = [
    { title: 'Apps', items: found.filter(({ category }) => category === 'app') },
    {
      title: 'Keys and secrets',
      items: found.filter(({ category }) => category !== 'app'),
    },
  ].filter(({ items }) => items.length > 0);
  return (
    <div className="flex flex-col gap-4">
      <div className="relative">
        <Search
          aria-hidden
          className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-subtle-foreground"
        />
        <Input
          autoFocus
          aria-label="Search what to connect"
          placeholder="Search"
          className="pl-8"
          value={search}
          onValueChange={setSearch}
        />
      </div>
      {groups.length === 0 && (
        <p className="py-6 text-center text-sm text-muted-foreground">
          Nothing is called “{search}”. Any API with OAuth or a key can be connected by “OAuth 2.0 API”,
          “Bearer token” or “User name and password”.
        </p>
      )}
      {groups.map(({ title, items }) => (
        <section key={title} aria-label={title} className="flex flex-col gap-2">
          <h3 className="text-xs font-medium text-muted-foreground">{title}</h3>
          <ul className="grid grid-cols-1 gap-2 sm:grid-cols-2">
            {items.map((connector) => (
              <li key={connector.id}>
                <AppTile connector={connector} onPick={() => onPick(connector)} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function AppTile({ connector, onPick }: { connector: Connector; onPick: () => void }) {
  return (
    <button
      type="button"
      onClick={onPick}
      className={cn(
        'flex h-full w-full cursor-pointer items-start gap-3 rounded-lg border border-border bg-surface p-3 text-left focus-ring',
        'hover:border-border-strong hover:bg-muted/60',
      )}
    >
      <AppMark id={connector.id} className="mt-0.5" />
      <span className="min-w-0">
        <span className="block truncate text-sm font-medium">{connector.label}</span>
        <span className="line-clamp-2 text-xs text-muted-foreground">{connector.summary}</span>
      </span>
    </button>
  );
}

/** The mark of a connector, by its id. */
export function AppMark({ id, className }: { id: string; className?: string }) {
  const look = useConnectorLooks()(id);
  return (
    <OperationIcon
      name={look?.icon ?? 'box'}
      mark={look?.mark}
      className={cn('size-5 shrink-0', className)}
    />
  );
}

function matches({ id, label, summary }: Connector, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${id} ${label} ${summary}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
