'use client';

import { ShieldAlert, ShieldCheck } from 'lucide-react';

import { messageOf } from '#components/api/api-problem.ts';
import { CopyButton } from '#components/ui/copy-button.tsx';
import type { AuditCheck } from '#core/api/audit.ts';

/** What a check of the chain found: up to which entry it is intact, and what is wrong there. */
export function AuditCheckResult({ check, error }: { check: AuditCheck | undefined; error: Error | null }) {
  if (!check && !error) return null;
  const isBad = error !== null || check?.fault != null;
  return (
    <div
      role="status"
      className="flex items-start gap-2.5 border-t border-border px-4 py-2.5 text-sm [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0"
    >
      {isBad ? (
        <ShieldAlert aria-hidden className="text-danger" />
      ) : (
        <ShieldCheck aria-hidden className="text-success" />
      )}
      <div className="min-w-0">
        {error ? <p>{`The log could not be checked. ${messageOf(error)}`}</p> : <Found check={check!} />}
      </div>
    </div>
  );
}

function Found({ check }: { check: AuditCheck }) {
  const { fault, first, last, hash } = check;
  return (
    <>
      {fault && <p className="font-medium text-danger">{fault.message}</p>}
      <p>{last === null ? 'No entry was checked.' : `Chain intact from entry ${first} to entry ${last}.`}</p>
      {!fault && hash !== null && (
        <p className="flex flex-wrap items-center gap-x-1.5 text-muted-foreground">
          Keep this elsewhere, to hold a later check against it:
          <code className="min-w-0 truncate font-mono text-xs">{`${last}:${hash.slice(0, 12)}…`}</code>
          <CopyButton text={`${last}:${hash}`} label="Copy the anchor" />
        </p>
      )}
    </>
  );
}
