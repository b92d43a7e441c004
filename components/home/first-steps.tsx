'use client';

import { Check, X } from 'lucide-react';
import Link from 'next/link';

import { useConnections, useConnectors } from '#components/api/connections.ts';
import { useFlows } from '#components/api/flows.ts';
import { useMe } from '#components/api/workspace.ts';
import { useStoredFlag } from '#components/canvas/use-stored-flag.ts';
import { hasSeenRun } from '#components/runs/seen-run.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { cn } from '#components/ui/cn.ts';
import { IconButton } from '#components/ui/icon-button.tsx';

import { firstSteps, type FirstStep } from './first-step-list.ts';
import { useLatestRuns } from './use-latest-runs.ts';

/** What somebody new does first, ticked off from what there is. Nothing once all of it is done, or it was put away. */
export function FirstSteps() {
  const me = useMe();
  const flows = useFlows();
  const connections = useConnections();
  const connectors = useConnectors();
  const runs = useLatestRuns();
  if (!me.data || !flows.data || !connections.data || !connectors.data || !runs.data) return null;
  const steps = firstSteps({
    flows: flows.data,
    connections: connections.data,
    isAcmeHere: connectors.data.some(({ id, oauth }) => id === 'acme' && oauth?.client === 'sandbox'),
    latestRun: runs.data[0] ?? null,
    hasSeenRun: hasSeenRun(),
  });
  if (steps.every(({ isDone }) => isDone)) return null;
  return <StepsCard steps={steps} workspace={me.data.workspace.slug} />;
}

function StepsCard({ steps, workspace }: { steps: readonly FirstStep[]; workspace: string }) {
  const [isOpen, setOpen] = useStoredFlag(`first-steps:${workspace}`, true);
  if (!isOpen) return null;
  const done = steps.filter(({ isDone }) => isDone).length;
  const next = steps.find(({ isDone }) => !isDone);
  return (
    <Card aria-labelledby="first-steps" className="overflow-hidden">
      <div className="flex items-center gap-3 py-3 pr-2.5 pl-4">
        <div className="min-w-0 flex-1">
          <h2 id="first-steps" className="text-base font-semibold tracking-tight">
            First steps
          </h2>
          <p className="mt-0.5 text-sm text-muted-foreground">
            {done === 0 ? 'A few minutes to the first run.' : `${done} of ${steps.length} done.`}
          </p>
        </div>
        <IconButton label="Put the first steps away" variant="ghost" onClick={() => setOpen(false)}>
          <X />
        </IconButton>
      </div>
      <ol className="divide-y divide-border border-t border-border">
        {steps.map((step) => (
          <StepRow key={step.id} step={step} isNext={step === next} />
        ))}
      </ol>
    </Card>
  );
}

function StepRow({ step, isNext }: { step: FirstStep; isNext: boolean }) {
  const { title, says, isDone, href, action } = step;
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <span
        className={cn(
          'flex size-5 shrink-0 items-center justify-center rounded-full border border-border-strong',
          isDone && 'border-transparent bg-success-soft text-success',
        )}
      >
        {isDone && <Check aria-hidden className="size-3.5" strokeWidth={3} />}
      </span>
      <div className="min-w-0 flex-1">
        <p className={cn('text-sm font-medium', isDone && 'text-muted-foreground line-through')}>
          <span className="sr-only">{isDone ? 'Done: ' : 'To do: '}</span>
          {title}
        </p>
        {!isDone && <p className="mt-0.5 text-xs text-muted-foreground">{says}</p>}
      </div>
      {!isDone && href !== null && (
        <Button
          size="sm"
          variant={isNext ? 'primary' : 'secondary'}
          nativeButton={false}
          render={<Link href={href} />}
        >
          {action}
        </Button>
      )}
    </li>
  );
}
