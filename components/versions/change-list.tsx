'use client';

import { Minus, Move, Pencil, Plus } from 'lucide-react';
import type { KeyboardEvent, ReactNode } from 'react';

import { cn } from '#components/ui/cn.ts';
import type { ChangeInWords } from '#core/diff-flows/describe-diff.ts';

const SIGNS: Readonly<Record<ChangeInWords['kind'], { icon: ReactNode; tone: string }>> = {
  added: { icon: <Plus aria-hidden />, tone: 'text-success' },
  removed: { icon: <Minus aria-hidden />, tone: 'text-danger' },
  changed: { icon: <Pencil aria-hidden />, tone: 'text-warning' },
  moved: { icon: <Move aria-hidden />, tone: 'text-subtle-foreground' },
};

export interface ChangeListProps {
  readonly changes: readonly ChangeInWords[];
  /** Beyond so many, the rest is counted. Default: all are shown. */
  readonly most?: number;
}

/** What changed, a sentence a line. */
export function ChangeList({ changes, most = Infinity }: ChangeListProps) {
  const shown = changes.slice(0, most);
  const others = changes.length - shown.length;
  return (
    <ul className="flex flex-col gap-1 text-sm">
      {shown.map((change, index) => (
        <li key={index} className="flex min-w-0 gap-2">
          <Sign kind={change.kind} />
          <span className="min-w-0 break-words">{change.text}</span>
        </li>
      ))}
      {others > 0 && (
        <li className="pl-6 text-muted-foreground">
          and {others} more {others === 1 ? 'change' : 'changes'}
        </li>
      )}
    </ul>
  );
}

export interface ChangeChoiceProps {
  readonly changes: readonly ChangeInWords[];
  /** The node whose changes are shown; null for those of the flow as a whole; undefined for none. */
  readonly chosen: string | null | undefined;
  readonly onChoose: (nodeId: string | null) => void;
}

/** The same as buttons that show the place of each change; up and down walk through them. */
export function ChangeChoice({ changes, chosen, onChoose }: ChangeChoiceProps) {
  return (
    <ul aria-label="What changed" className="flex flex-col" onKeyDown={walkButtons}>
      {changes.map((change, index) => (
        <li key={index}>
          <button
            type="button"
            aria-pressed={chosen !== undefined && change.nodeId === chosen}
            onClick={() => onChoose(change.nodeId)}
            className="flex w-full cursor-pointer gap-2 rounded-md px-2 py-1.5 text-left text-sm focus-ring hover:bg-muted aria-pressed:bg-muted"
          >
            <Sign kind={change.kind} />
            <span className="min-w-0 break-words">{change.text}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Sign({ kind }: { kind: ChangeInWords['kind'] }) {
  const { icon, tone } = SIGNS[kind];
  return <span className={cn('mt-0.5 shrink-0 [&_svg]:size-4', tone)}>{icon}</span>;
}

function walkButtons(event: KeyboardEvent<HTMLUListElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const next = buttons[buttons.findIndex((button) => button === document.activeElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.click();
}
