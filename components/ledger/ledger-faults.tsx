import { OctagonAlert } from 'lucide-react';
import Link from 'next/link';

import type { LedgerFault } from '#core/api/ledger.ts';

/** What was found in the records that must not be. */
export function LedgerFaults({ faults }: { faults: readonly LedgerFault[] }) {
  if (faults.length === 0) return null;
  return (
    <section aria-label="Faults" className="mx-4 mb-4 md:mx-6 md:mb-6">
      <ul className="flex flex-col divide-y divide-border rounded-lg border border-danger/40 bg-surface">
        {faults.map((fault) => (
          <li key={fault.code} className="flex items-start gap-2.5 px-4 py-3 text-sm">
            <OctagonAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
            <div className="min-w-0 flex-1">
              <p className="leading-5 break-words">
                <strong className="font-semibold tabular-nums">{fault.count.toLocaleString('en')}</strong>
                {' · '}
                {fault.message}
              </p>
              <p className="mt-1 flex flex-wrap gap-x-3 gap-y-1 text-xs">
                <code className="font-mono text-subtle-foreground">{fault.code}</code>
                {fault.runIds.map((id) => (
                  <Link
                    key={id}
                    href={`/runs/${id}`}
                    aria-label={`Run ${id}`}
                    className="rounded-sm font-mono text-accent-text focus-ring hover:underline"
                  >
                    …{id.slice(-8)}
                  </Link>
                ))}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
