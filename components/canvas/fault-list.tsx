'use client';

import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useRef, useState } from 'react';

import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Popover, PopoverContent, PopoverTitle, PopoverTrigger } from '#components/ui/popover.tsx';
import type { Fault } from '#core/fault.ts';

import { labelOf } from './edit-actions.ts';
import { useEditor, useEditorStore } from './editor-context.tsx';
import { useOpenFault } from './use-open-fault.ts';

/** The button with the number of faults, and the list behind it; a click leads to the setting. */
export function FaultButton() {
  const faults = useEditor((state) => state.faults);
  const [isOpen, setIsOpen] = useState(false);
  const hasFollowed = useRef(false);
  const serious = faults.filter((fault) => fault.level !== 'warning').length;
  const tone = serious > 0 ? 'text-danger' : faults.length > 0 ? 'text-warning' : 'text-success';
  const Icon = faults.length > 0 ? TriangleAlert : CircleCheck;
  const label =
    faults.length === 0 ? 'No faults' : `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`;
  return (
    <Popover
      open={isOpen}
      onOpenChange={(open) => {
        hasFollowed.current = false;
        setIsOpen(open);
      }}
    >
      <PopoverTrigger render={<Button variant="ghost" aria-label={label} />}>
        <Icon aria-hidden className={tone} />
        <span className="tabular-nums">{faults.length > 0 ? faults.length : ''}</span>
        <span className="max-xl:hidden">
          {faults.length === 0 ? 'No faults' : faults.length === 1 ? 'fault' : 'faults'}
        </span>
      </PopoverTrigger>
      {/* Once a fault was followed, focus belongs to its setting and not to this button. */}
      <PopoverContent align="end" className="w-96 p-0" finalFocus={() => !hasFollowed.current}>
        <PopoverTitle className="border-b border-border px-3 py-2 text-sm font-medium">{label}</PopoverTitle>
        {faults.length === 0 ? (
          <p className="px-3 py-4 text-sm text-muted-foreground">This flow can be published.</p>
        ) : (
          <FaultList
            faults={faults}
            onOpen={() => {
              hasFollowed.current = true;
              setIsOpen(false);
            }}
          />
        )}
      </PopoverContent>
    </Popover>
  );
}

/** Faults with the node each is on. `onOpen` is told when one was followed. */
export function FaultList({ faults, onOpen }: { faults: readonly Fault[]; onOpen: () => void }) {
  const store = useEditorStore();
  const open = useOpenFault();
  return (
    <ul className="flex max-h-96 flex-col overflow-y-auto p-1">
      {faults.map((fault) => (
        <li key={`${fault.pointer} ${fault.code}`}>
          <button
            type="button"
            className="flex w-full cursor-pointer flex-col gap-0.5 rounded-md px-2 py-1.5 text-left focus-ring-inset hover:bg-muted"
            onClick={() => {
              onOpen();
              open(fault);
            }}
          >
            <span className="flex items-center gap-1.5 text-xs font-medium text-muted-foreground">
              <span
                aria-hidden
                className={cn(
                  'size-1.5 shrink-0 rounded-full',
                  fault.level === 'warning' ? 'bg-warning' : 'bg-danger',
                )}
              />
              {fault.nodeId === undefined ? 'Flow' : labelOf(store, fault.nodeId)}
              {fault.level === 'warning' && <span className="font-normal">· does not hinder publishing</span>}
            </span>
            <span className="text-sm break-words">{fault.message}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
