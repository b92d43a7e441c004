'use client';

import { ChevronLeft, SearchX } from 'lucide-react';
import Link from 'next/link';
import { parseAsString, parseAsStringLiteral, useQueryState, useQueryStates } from 'nuqs';
import { useRef } from 'react';

import { PageHeader } from '#components/shell/page-header.tsx';
import { useHotkeys } from '#components/shell/use-hotkeys.ts';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { lazyPart } from '#components/ui/lazy-part.tsx';
import { SearchInput } from '#components/ui/search-input.tsx';
import { TEMPLATE_TAGS, type TemplateTag } from '#core/templates/template.ts';

import { filterTemplates } from './filter-templates.ts';
import type { GalleryCard } from './gallery.ts';
import { TemplateCard } from './template-card.tsx';

// It brings the templates and the registry along.
const TemplateDialog = lazyPart(
  async () => (await import('./template-dialog.tsx')).TemplateDialog,
  ({ card }) => card !== null,
);

const FILTER = {
  q: parseAsString.withDefault('').withOptions({ throttleMs: 200 }),
  tag: parseAsStringLiteral(TEMPLATE_TAGS),
};

/** Flows to begin with, as pictures. `?template=<id>` opens one. */
export function TemplatesPage({ cards }: { cards: readonly GalleryCard[] }) {
  const [{ q: search, tag }, setFilter] = useQueryStates(FILTER);
  const [openId, setOpenId] = useQueryState('template', parseAsString);
  const searchInput = useRef<HTMLInputElement>(null);
  useHotkeys({ '/': () => searchInput.current?.focus() });
  const found = filterTemplates(cards, { search, tag });
  return (
    <>
      <PageHeader
        title={
          <span className="flex items-center gap-1">
            <IconButton
              label="All flows"
              className="-ml-2"
              nativeButton={false}
              render={<Link href="/flows" />}
            >
              <ChevronLeft />
            </IconButton>
            Templates
          </span>
        }
      >
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 pb-2.5 md:px-6">
          <div className="w-full max-w-sm">
            <SearchInput
              ref={searchInput}
              aria-label="Search templates"
              placeholder="Search by what it does, or by app"
              value={search}
              onSearch={(q) => void setFilter({ q })}
            />
          </div>
          <TagBar chosen={tag} onChoose={(next) => void setFilter({ tag: next })} />
        </div>
      </PageHeader>
      {found.length === 0 ? (
        <EmptyState
          icon={<SearchX aria-hidden />}
          title="No template matches"
          description="Names, sentences, apps and steps are searched."
        >
          <Button onClick={() => void setFilter({ q: null, tag: null })}>Show all templates</Button>
        </EmptyState>
      ) : (
        <ul
          aria-label="Templates"
          className="grid grid-cols-[repeat(auto-fill,minmax(min(19rem,100%),1fr))] gap-4 px-4 py-4 md:px-6 md:py-5"
        >
          {found.map((card) => (
            <li key={card.id}>
              <TemplateCard card={card} onOpen={() => void setOpenId(card.id)} />
            </li>
          ))}
        </ul>
      )}
      <TemplateDialog
        card={cards.find(({ id }) => id === openId) ?? null}
        onClose={() => void setOpenId(null)}
      />
    </>
  );
}

function TagBar({
  chosen,
  onChoose,
}: {
  chosen: TemplateTag | null;
  onChoose: (tag: TemplateTag | null) => void;
}) {
  return (
    <div role="group" aria-label="Kinds of templates" className="flex flex-wrap gap-1.5">
      {[null, ...TEMPLATE_TAGS].map((tag) => (
        <button
          key={tag}
          type="button"
          aria-pressed={tag === chosen}
          className={cn(
            'h-7 cursor-pointer rounded-full border border-border px-2.5 text-xs font-medium text-muted-foreground focus-ring hover:bg-muted pointer-coarse:h-9',
            tag === chosen && 'border-transparent bg-inverse text-inverse-foreground hover:bg-inverse',
          )}
          onClick={() => onChoose(tag === chosen ? null : tag)}
        >
          {tag === null ? 'All' : tag.charAt(0).toUpperCase() + tag.slice(1)}
        </button>
      ))}
    </div>
  );
}
