'use client';

import { useQueries } from '@tanstack/react-query';
import { GitCompareArrows } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useEditor } from '#components/canvas/editor-context.tsx';
import { flowSummaryQuery, useFlowSummary } from '#components/canvas/flow-calls.ts';
import { Button } from '#components/ui/button.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { catalog } from '#connectors/definitions.ts';
import { calledFlows } from '#core/called-flows.ts';
import { nodeNames } from '#core/diff-flows/node-names.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import { ChangesBetween } from './changes-between.tsx';
import { CompareDialog, type ComparedPair } from './compare-dialog.tsx';
import { openRunsWords } from './open-runs-words.ts';
import { triggerWords } from './trigger-words.ts';
import { useCompared } from './use-compared.ts';
import { useOpenRuns } from './use-open-runs.ts';

/** Before publishing: what changes, what becomes of runs that have not ended, what starts the flow, and what it starts. */
export function PublishReview() {
  const document = useEditor((state) => state.document);
  const { data: summary, error } = useFlowSummary(document.slug);
  if (error) return <p className="text-sm text-danger">{messageOf(error)}</p>;
  if (!summary) return <Skeleton className="h-24" />;
  const base = summary.publishedVersion;
  return (
    <div className="flex flex-col gap-4">
      {base === null ? (
        <Part title="Changes">Nothing is published now. New events run this draft from then on.</Part>
      ) : (
        <ChangesPart base={base} />
      )}
      <RunsPart base={base} />
      <CalledPart document={document} />
    </div>
  );
}

function ChangesPart({ base }: { base: number }) {
  const [pair, setPair] = useState<ComparedPair | null>(null);
  const { data } = useCompared(base, 'draft');
  const moves = data ? triggerWords(data.before, data.after, catalog) : [];
  return (
    <>
      <Part
        title={`Changes since version ${base}`}
        action={
          <Button size="sm" onClick={() => setPair([base, 'draft'])}>
            <GitCompareArrows /> See on the canvas
          </Button>
        }
      >
        <ChangesBetween before={base} after="draft" most={8} />
      </Part>
      {moves.length > 0 && (
        <Part title="What starts it">
          {moves.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </Part>
      )}
      <CompareDialog pair={pair} onClose={() => setPair(null)} />
    </>
  );
}

function RunsPart({ base }: { base: number | null }) {
  const after = useEditor((state) => state.document);
  const { data: open, error } = useOpenRuns(after.slug);
  const { data: compared } = useCompared(base, 'draft');
  const name = nodeNames({ before: compared?.before ?? after, after, catalog });
  return (
    <Part title="Runs that have not ended">
      {error && <p className="text-danger">{messageOf(error)}</p>}
      {!open && !error && <Skeleton className="h-5 w-2/3" />}
      {open?.data.length === 0 && <p className="text-muted-foreground">There are none now.</p>}
      {open && openRunsWords(open, name).map((text) => <p key={text}>{text}.</p>)}
    </Part>
  );
}

/** Called flows run their published version, whichever that is when they are called. */
function CalledPart({ document }: { document: FlowDocument }) {
  const called = calledFlows(document);
  const summaries = useQueries({ queries: called.map(({ slug }) => flowSummaryQuery(slug)) });
  if (called.length === 0) return null;
  return (
    <Part title="Flows that it starts">
      {called.map(({ slug, isOnFailure, nodeIds }, index) => {
        const summary = summaries[index];
        const version = summary?.data?.publishedVersion;
        const when = isOnFailure && nodeIds.length === 0 ? ' when a run fails' : '';
        if (summary?.error)
          return (
            <p key={slug} className="text-danger">
              {slug}: {messageOf(summary.error)}
            </p>
          );
        if (version === null)
          return (
            <p key={slug} className="text-warning">
              {slug} is not published, so it cannot be started now.
            </p>
          );
        return (
          <p key={slug}>
            {slug}
            {when}
            {version !== undefined && `, at version ${version} now`}
          </p>
        );
      })}
    </Part>
  );
}

function Part({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-1.5 text-sm">
      <div className="flex min-h-7 items-center justify-between gap-3">
        <h3 className="font-medium">{title}</h3>
        {action}
      </div>
      {children}
    </section>
  );
}
