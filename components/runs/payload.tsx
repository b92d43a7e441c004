'use client';

import { JsonView } from '#components/ui/json-view.tsx';
import type { Json } from '#core/json.ts';

/** A value that went in or came out. Null is shown as nothing, because the journal keeps no difference. */
export function Payload({ value, label }: { value: Json; label: string }) {
  if (value === null) return <p className="text-sm text-subtle-foreground">Nothing</p>;
  return (
    <JsonView
      value={value}
      label={label}
      className="rounded-md border border-border bg-background py-1.5 pr-9 pl-3 [&>div:first-child]:max-h-96"
    />
  );
}
