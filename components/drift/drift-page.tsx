'use client';

import { parseAsString, useQueryState } from 'nuqs';

import { PageHeader } from '#components/shell/page-header.tsx';
import { Button } from '#components/ui/button.tsx';

import { DriftChanges } from './drift-changes.tsx';
import { QuarantineList } from './quarantine-list.tsx';

/** What flows get otherwise than before, and the events that were kept back for it; of one flow where the address names it. */
export function DriftPage() {
  const [flow, setFlow] = useQueryState('flow', parseAsString);
  return (
    <>
      <PageHeader
        title={flow === null ? 'Drift' : `Drift of ${flow}`}
        actions={flow !== null && <Button onClick={() => void setFlow(null)}>All flows</Button>}
      />
      <div className="mx-auto flex w-full max-w-4xl flex-col gap-8 px-4 py-6 md:px-6">
        <DriftChanges flow={flow} />
        <QuarantineList flow={flow} />
      </div>
    </>
  );
}
