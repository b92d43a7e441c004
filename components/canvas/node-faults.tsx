'use client';

import { KeyRound, TriangleAlert } from 'lucide-react';

import { cn } from '#components/ui/cn.ts';
import { Tooltip } from '#components/ui/tooltip.tsx';
import type { Fault } from '#core/fault.ts';

/** The marker on a node that something is wrong with: how much, and on hover what. A missing connection has its own. */
export function NodeFaults({ faults }: { faults: readonly Fault[] }) {
  if (faults.length === 0) return null;
  const isOnlyConnection = faults.every((fault) => fault.pointer.endsWith('/connection'));
  const isSerious = faults.some((fault) => fault.level !== 'warning');
  const Icon = isOnlyConnection ? KeyRound : TriangleAlert;
  return (
    <Tooltip label={<FaultMessages faults={faults} />} side="top">
      <span
        role="img"
        aria-label={`${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`}
        className={cn(
          'flex h-5 shrink-0 items-center gap-1 rounded-full px-1.5 text-xs font-medium',
          isSerious ? 'bg-danger-soft text-danger' : 'bg-warning-soft text-warning',
        )}
      >
        <Icon aria-hidden className="size-3" />
        {faults.length > 1 && faults.length}
      </span>
    </Tooltip>
  );
}

function FaultMessages({ faults }: { faults: readonly Fault[] }) {
  return (
    <span className="flex flex-col gap-1">
      {faults.slice(0, 4).map((fault) => (
        <span key={`${fault.pointer} ${fault.code}`}>{fault.message}</span>
      ))}
      {faults.length > 4 && <span>and {faults.length - 4} more</span>}
    </span>
  );
}
