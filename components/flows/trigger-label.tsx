'use client';

import { Hand, Webhook, Zap } from 'lucide-react';

import { findOperation } from '#connectors/definitions.ts';

/** What starts a flow, by the type of its trigger node. */
export function TriggerLabel({ type }: { type: string | null }) {
  if (type === null) return <span className="whitespace-nowrap text-subtle-foreground">No trigger yet</span>;
  const label = findOperation(type, 1)?.operation.label ?? type;
  const Icon = type === 'core.webhook' ? Webhook : type === 'core.manual' ? Hand : Zap;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-muted-foreground">
      <Icon aria-hidden className="size-3.5" />
      {label}
    </span>
  );
}
