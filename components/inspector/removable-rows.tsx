'use client';

import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';

import { cn } from '#components/ui/cn.ts';
import { Button } from '#components/ui/button.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import type { Json } from '#core/json.ts';

import { useSettings } from './setting-context.tsx';

export interface RemovableRowsProps {
  readonly items: readonly Json[];
  readonly onChange: (items: readonly Json[]) => void;
  /** What `Add` puts at the end. */
  readonly newItem: () => Json;
  /** Default `Add`. */
  readonly addLabel?: string;
  /** Place of the list in the node, where faults and focus find its items. */
  readonly place?: string;
  readonly className?: string;
  /** Draws each item in a frame, with buttons that change the order. */
  readonly isFramed?: boolean;
  readonly children: (item: Json, change: (next: Json | undefined) => void, index: number) => ReactNode;
}

/** The items of a list one below the other, each with the button that removes it, and the one that adds. */
export function RemovableRows(props: RemovableRowsProps) {
  const { items, onChange, place, isFramed = false, className, children } = props;
  const { isReadOnly } = useSettings();
  const replace = (index: number, next: Json | undefined) =>
    onChange(items.map((old, at) => (at === index ? (next ?? '') : old)));
  return (
    <div className={cn('flex flex-col gap-1.5', className)}>
      {items.map((item, index) => (
        <div
          key={index}
          data-place={place === undefined ? undefined : `${place}/${index}`}
          className={cn('flex items-start gap-1', isFramed && 'rounded-md border border-border p-2.5 pr-1')}
        >
          <div className="min-w-0 flex-1">{children(item, (next) => replace(index, next), index)}</div>
          <RowButtons {...props} index={index} />
        </div>
      ))}
      <Button
        variant="ghost"
        size="sm"
        className="self-start"
        disabled={isReadOnly}
        onClick={() => onChange([...items, props.newItem()])}
      >
        <Plus /> {props.addLabel ?? 'Add'}
      </Button>
    </div>
  );
}

function RowButtons({
  items,
  onChange,
  isFramed = false,
  index,
}: RemovableRowsProps & { readonly index: number }) {
  const { isReadOnly } = useSettings();
  const number = index + 1;
  const swap = (other: number) => {
    const [a, b] = [items[index], items[other]];
    if (a !== undefined && b !== undefined) onChange(items.with(index, b).with(other, a));
  };
  const remove = (
    <IconButton
      size={isFramed ? 'sm' : undefined}
      label={`Remove item ${number}`}
      disabled={isReadOnly}
      onClick={() => onChange(items.toSpliced(index, 1))}
    >
      <X />
    </IconButton>
  );
  if (!isFramed) return remove;
  return (
    <div className="flex shrink-0 flex-col">
      {remove}
      <IconButton
        size="sm"
        label={`Move item ${number} up`}
        disabled={isReadOnly || index === 0}
        onClick={() => swap(index - 1)}
      >
        <ArrowUp />
      </IconButton>
      <IconButton
        size="sm"
        label={`Move item ${number} down`}
        disabled={isReadOnly || index === items.length - 1}
        onClick={() => swap(index + 1)}
      >
        <ArrowDown />
      </IconButton>
    </div>
  );
}
