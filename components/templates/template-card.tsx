'use client';

import { FlowMiniature } from './flow-miniature.tsx';
import type { FlowPicture } from './flow-picture.ts';
import type { GalleryCard } from './gallery.ts';
import { NeedsBadges } from './template-needs.tsx';

/** One template of the gallery; all of it is a button that opens what there is to say of it. */
export function TemplateCard({ card, onOpen }: { card: GalleryCard; onOpen: () => void }) {
  const { name, summary, picture } = card;
  return (
    <article className="relative flex h-full flex-col overflow-hidden rounded-lg border border-border bg-surface transition-[border-color,box-shadow] duration-100 hover:border-border-strong hover:shadow-popup has-[button:focus-visible]:outline-2 has-[button:focus-visible]:outline-ring">
      <TemplatePicture picture={picture} className="h-32" />
      <div className="flex flex-1 flex-col gap-1.5 px-4 pt-3 pb-3.5">
        <h2 className="text-sm font-semibold tracking-tight">
          <button
            type="button"
            className="cursor-pointer text-left outline-none after:absolute after:inset-0"
            onClick={onOpen}
          >
            {name}
          </button>
        </h2>
        <p className="text-sm leading-5 text-muted-foreground">{summary}</p>
        <div className="mt-auto flex flex-wrap gap-1.5 pt-1.5">
          <NeedsBadges {...card} />
        </div>
      </div>
    </article>
  );
}

/** The flow on a piece of canvas. */
export function TemplatePicture({ picture, className }: { picture: FlowPicture; className: string }) {
  return (
    <div
      className={`flex shrink-0 items-center justify-center border-b border-border bg-canvas bg-[radial-gradient(var(--canvas-dot)_1px,transparent_1px)] [background-size:16px_16px] px-4 py-3 ${className}`}
    >
      <FlowMiniature picture={picture} />
    </div>
  );
}
