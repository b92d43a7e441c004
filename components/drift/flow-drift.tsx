'use client';

import { Check } from 'lucide-react';
import Link from 'next/link';

import { messageOf } from '#components/api/api-problem.ts';
import { useAcceptDrift } from '#components/api/drift.ts';
import { useRight } from '#components/shell/rights.tsx';
import { Badge, type BadgeTone } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card, CardHeader } from '#components/ui/card.tsx';
import { Time } from '#components/ui/time.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { DriftChange } from '#core/api/drift.ts';

const KINDS: Readonly<Record<DriftChange['kind'], { readonly word: string; readonly tone: BadgeTone }>> = {
  disappeared: { word: 'Missing', tone: 'danger' },
  retyped: { word: 'Other type', tone: 'danger' },
  nulled: { word: 'Null', tone: 'warning' },
  added: { word: 'New', tone: 'neutral' },
};

/** What one flow gets otherwise than before, and the button that accepts it. `changes` has at least one. */
export function FlowDrift({ changes }: { changes: readonly DriftChange[] }) {
  const mayAccept = useRight('flow:publish');
  const accept = useAcceptDrift();
  const { flow = '', flowName = '' } = changes[0] ?? {};
  const submit = () =>
    accept.mutate(flow, {
      onSuccess: () => toast.success('Accepted. Events of this shape are expected from now on.'),
      onError: (error) => toast.error(messageOf(error)),
    });
  return (
    <Card aria-label={`Drift of ${flowName}`}>
      <CardHeader
        title={
          <Link href={`/flows/${flow}`} className="rounded-sm focus-ring hover:underline">
            {flowName}
          </Link>
        }
        description="Accept once the settings below can deal with it. What was expected so far is then expected, too."
        actions={
          mayAccept && (
            <Button onClick={submit} loading={accept.isPending}>
              <Check aria-hidden />
              Accept new shape
            </Button>
          )
        }
      />
      <ul className="divide-y divide-border border-t border-border">
        {changes.map((change) => (
          <Change key={change.id} change={change} />
        ))}
      </ul>
    </Card>
  );
}

function Change({ change }: { change: DriftChange }) {
  const { word, tone } = KINDS[change.kind];
  const count = change.seen === 1 ? 'in one' : `in ${change.seen.toLocaleString('en')}`;
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Badge tone={tone}>{word}</Badge>
        <span className="text-sm font-medium wrap-anywhere">{change.message}</span>
      </div>
      <p className="text-xs text-muted-foreground">
        {change.nodeId === null ? 'Body of the trigger' : `Output of ${change.nodeLabel}`}, version{' '}
        {change.version}, since <Time at={change.firstSeenAt} />, last <Time at={change.lastSeenAt} />,{' '}
        {count} of those looked at
      </p>
      {change.breaks.length > 0 && (
        <ul aria-label="Settings that read it" className="flex flex-wrap gap-1.5">
          {change.breaks.map((use) => (
            <li key={`${use.nodeId} ${use.setting} ${use.reads}`} className="max-w-full">
              <Link
                href={brokenHref(change.flow, use)}
                className="inline-flex max-w-full items-center gap-1.5 rounded-md bg-danger-soft px-2 py-1 text-xs text-danger focus-ring hover:underline"
              >
                <span className="shrink-0 font-medium">{use.label}</span>
                <span className="truncate font-mono">{use.reads}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function brokenHref(flow: string, { nodeId, setting }: DriftChange['breaks'][number]): string {
  const query = new URLSearchParams({ node: nodeId ?? '', field: setting });
  return `/flows/${flow}?${query.toString()}`;
}
