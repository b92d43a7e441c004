'use client';

import { ChevronRight } from 'lucide-react';
import { useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useValuePart, type LargeValue } from '#components/api/run-parts.ts';
import { Button } from '#components/ui/button.tsx';
import { JsonView } from '#components/ui/json-view.tsx';
import { Spinner } from '#components/ui/spinner.tsx';
import type { JsonPart, PartEntry } from '#core/api/run-parts.ts';
import { jsonPointer } from '#core/fault.ts';

export interface LargePayloadProps {
  readonly value: LargeValue;
  readonly label: string;
  readonly bytes: number;
  /** Where in the value it begins. Default: all of it. */
  readonly pointer?: string;
}

/** A value too large to come with its run: its parts are loaded as somebody opens them. */
export function LargePayload({ value, label, bytes, pointer = '' }: LargePayloadProps) {
  return (
    <div
      role="group"
      aria-label={label}
      className="rounded-md border border-border bg-background py-1.5 pr-3 pl-3 font-mono text-xs leading-5"
    >
      <p className="mb-1 font-sans text-muted-foreground">{sizeInWords(bytes)}, loaded as you open it.</p>
      <div className="max-h-96 overflow-auto">
        <Part value={value} pointer={pointer} />
      </div>
    </div>
  );
}

function Part({ value, pointer }: { value: LargeValue; pointer: string }) {
  const part = useValuePart(value, pointer);
  if (part.isPending) return <Spinner label="Loading" />;
  if (part.data === undefined) return <p className="font-sans text-danger">{messageOf(part.error)}</p>;
  const { pages } = part.data;
  const [first] = pages;
  const known = pages.reduce((sum, page) => sum + lengthOf(page), 0);
  return (
    <>
      {first?.text !== null && (
        <p className="break-words whitespace-pre-wrap">{pages.map(({ text }) => text).join('')}</p>
      )}
      <ul>
        {pages.flatMap(({ entries }) =>
          entries.map((entry) => (
            <li key={entry.key}>
              <Entry value={value} pointer={pointer + jsonPointer([entry.key])} entry={entry} />
            </li>
          )),
        )}
      </ul>
      {part.hasNextPage && (
        <Button
          variant="link"
          size="sm"
          className="font-sans"
          loading={part.isFetchingNextPage}
          onClick={() => void part.fetchNextPage()}
        >
          Load more ({known.toLocaleString('en')} of {first?.size.toLocaleString('en')})
        </Button>
      )}
    </>
  );
}

function Entry({ value, pointer, entry }: { value: LargeValue; pointer: string; entry: PartEntry }) {
  const [isOpen, setOpen] = useState(false);
  if (entry.isWhole)
    return (
      <div className="flex gap-1.5 pl-4.5">
        <span className="shrink-0 text-muted-foreground">{entry.key}:</span>
        <JsonView value={entry.value} label={entry.key} openLevels={0} bare className="min-w-0 flex-1" />
      </div>
    );
  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex cursor-pointer items-center gap-1 rounded-sm text-left focus-ring hover:bg-muted"
      >
        <ChevronRight aria-hidden className={isOpen ? 'size-3.5 rotate-90' : 'size-3.5'} />
        <span className="text-muted-foreground">{entry.key}:</span> {kindInWords(entry)}
      </button>
      {isOpen && (
        <div className="ml-1.5 border-l border-border pl-3">
          <Part value={value} pointer={pointer} />
        </div>
      )}
    </>
  );
}

function lengthOf({ text, entries }: JsonPart): number {
  return text === null ? entries.length : text.length;
}

function kindInWords({ kind, size }: PartEntry): string {
  const count = size.toLocaleString('en');
  if (kind === 'text') return `text of ${count} characters`;
  return kind === 'list' ? `list of ${count}` : `object of ${count} fields`;
}

function sizeInWords(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
