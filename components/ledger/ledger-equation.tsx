import { CircleCheck, OctagonAlert } from 'lucide-react';
import { Fragment } from 'react';

import { cn } from '#components/ui/cn.ts';
import type { Ledger } from '#core/api/ledger.ts';

import { termsOf, type Term } from './ledger-terms.ts';
import { isSound, troubleInWords } from './ledger-words.ts';

/** The equation of the workspace, written out, and whether it holds. */
export function LedgerEquation({ ledger }: { ledger: Ledger }) {
  const { workspace } = ledger;
  const sound = isSound(ledger);
  const terms = termsOf(workspace);
  return (
    <section
      aria-label="The workspace as a whole"
      className={cn(
        'm-4 flex flex-col gap-4 rounded-lg border p-4 md:m-6 md:p-5',
        sound ? 'border-success/35 bg-success-soft/40' : 'border-danger/50 bg-danger-soft/50',
      )}
    >
      <div role={sound ? undefined : 'alert'} className="flex items-start gap-2.5">
        {sound ? (
          <CircleCheck aria-hidden className="mt-0.5 size-5 shrink-0 text-success" />
        ) : (
          <OctagonAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-danger" />
        )}
        <div className="min-w-0">
          <h2 className={cn('text-base font-semibold', sound ? 'text-success' : 'text-danger')}>
            {sound ? 'Everything adds up' : 'The ledger does not add up'}
          </h2>
          <p className="mt-0.5 max-w-prose text-sm leading-5 text-muted-foreground">
            {sound
              ? 'Each event is counted when it is accepted, apart from the records of what became of it. Both agree: nothing was lost, nothing was made up.'
              : `${troubleInWords(ledger)} Keep the database as it is, take a backup, and look into the server’s log.`}
          </p>
        </div>
      </div>
      <div className="flex flex-wrap items-end gap-x-3 gap-y-3">
        <TermView term={{ label: 'accepted', count: workspace.accepted }} isTotal />
        {terms.map((term, index) => (
          <Fragment key={term.label}>
            <span className="pb-4.5 text-lg text-muted-foreground">
              {index > 0 ? '+' : workspace.drift === 0 ? '=' : '≠'}
            </span>
            <TermView term={term} />
          </Fragment>
        ))}
      </div>
    </section>
  );
}

function TermView({ term, isTotal = false }: { term: Term; isTotal?: boolean }) {
  return (
    <p className="flex flex-col">
      <span className={cn('text-xl tracking-tight tabular-nums', isTotal ? 'font-semibold' : 'font-medium')}>
        {term.count.toLocaleString('en')}
      </span>
      <span className="text-xs text-muted-foreground">{term.label}</span>
    </p>
  );
}
