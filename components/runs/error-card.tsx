'use client';

import { CircleAlert } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';

import { compareHref } from '#components/compare/compare-href.ts';
import { useRight } from '#components/shell/rights.tsx';
import { Button } from '#components/ui/button.tsx';
import { lazyPart } from '#components/ui/lazy-part.tsx';
import type { StepError } from '#core/step-failure.ts';

import { explainError, type Remedy } from './explain-error.ts';
import { Payload } from './payload.tsx';

// Of the many ways to fail, few are an account that is not connected.
const ConnectHere = lazyPart(
  async () => (await import('#components/connections/connect-here.tsx')).ConnectHere,
);

export interface ErrorCardProps {
  error: StepError;
  runId: string;
  /** Slug of the flow, for the way to the node. */
  flow: string;
  nodeId: string | undefined;
  /** Slug of the connection that the node works with. */
  connection?: string;
  /** False while the step is tried again by itself. Default true. */
  isOver?: boolean;
}

/** A failure: what happened, what it means, and what can be done now. */
export function ErrorCard({ error, runId, flow, nodeId, connection, isOver = true }: ErrorCardProps) {
  const { headline, meaning, remedies } = explainError(error);
  const useful = remedies.filter((remedy) => isOver || remedy !== 'go_on');
  return (
    <section aria-label="Error" className="mx-4 mb-4 overflow-hidden rounded-lg border border-danger/30">
      <div className="bg-danger-soft px-3 py-2.5">
        <h3 className="flex items-center gap-2 text-sm font-semibold text-danger">
          <CircleAlert aria-hidden className="size-4 shrink-0" />
          {headline}
        </h3>
        <p className="mt-1 text-sm leading-5 break-words">{error.message}</p>
      </div>
      <div className="flex flex-col gap-2.5 px-3 py-2.5 text-sm leading-5">
        <p className="text-muted-foreground">{meaning}</p>
        <ErrorPlace error={error} />
        <ul className="flex flex-col gap-1.5">
          {useful.map((remedy) => (
            <RemedyLine key={remedy} remedy={remedy} {...{ flow, nodeId, connection, isOver }} />
          ))}
          {isOver && (
            <RemedyText action={<RemedyLink href={compareHref(runId)}>Compare</RemedyLink>}>
              See what was different when it last succeeded.
            </RemedyText>
          )}
        </ul>
        {error.detail !== undefined && error.detail !== null && (
          <details>
            <summary className="cursor-pointer rounded-sm text-xs font-medium text-muted-foreground focus-ring">
              Details
            </summary>
            <div className="mt-1.5">
              <Payload value={error.detail} label="details of the error" />
            </div>
          </details>
        )}
      </div>
    </section>
  );
}

/** The setting at fault, where one is known. */
function ErrorPlace({ error }: { error: StepError }) {
  if (error.pointer === undefined) return null;
  return (
    <p>
      Setting <code className="font-mono text-xs break-all">{error.pointer}</code>
      {error.position !== undefined && <>, character {error.position}</>}
    </p>
  );
}

type RemedyLineProps = Omit<ErrorCardProps, 'error' | 'runId'> & { readonly remedy: Remedy };

function RemedyLine({ remedy, flow, nodeId, connection, isOver }: RemedyLineProps) {
  const mayEdit = useRight('flow:edit');
  const mayManage = useRight('connection:manage');
  const nodeQuery = nodeId === undefined ? '' : `?node=${encodeURIComponent(nodeId)}`;
  switch (remedy) {
    case 'reconnect':
      return (
        <li className="flex flex-col items-start gap-2">
          <span>
            {isOver
              ? 'Connect it again, then resume the run.'
              : 'Once it is connected again, the run goes on by itself.'}
          </span>
          {connection !== undefined && <ConnectHere slug={connection} />}
        </li>
      );
    case 'edit_node':
      return (
        <RemedyText
          action={mayEdit && <RemedyLink href={`/flows/${flow}${nodeQuery}`}>Open the node</RemedyLink>}
        >
          Look at the node’s settings, then publish the change.
        </RemedyText>
      );
    case 'open_connections':
      return (
        <RemedyText action={mayManage && <RemedyLink href="/connections">Open connections</RemedyLink>}>
          Check the credentials of the connection.
        </RemedyText>
      );
    case 'go_on':
      return <RemedyText>When the cause is gone, resume the run, or replay it.</RemedyText>;
    case 'ask_admin':
      return (
        <RemedyText>
          Ask whoever runs Patchbay to allow the address with{' '}
          <code className="font-mono text-xs">PATCHBAY_EGRESS_ALLOW</code>.
        </RemedyText>
      );
    case 'look_at_log':
      return <RemedyText>Search the server’s log for the id of this run.</RemedyText>;
  }
}

function RemedyText({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <li className="flex items-center justify-between gap-3">
      <span className="min-w-0">{children}</span>
      {action}
    </li>
  );
}

function RemedyLink({ href, children }: { href: string; children: string }) {
  return (
    <Button size="sm" nativeButton={false} render={<Link href={href} />}>
      {children}
    </Button>
  );
}
