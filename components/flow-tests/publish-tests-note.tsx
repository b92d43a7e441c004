'use client';

import { CircleAlert, CircleCheck } from 'lucide-react';
import { useEffect, useRef } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { Spinner } from '#components/ui/spinner.tsx';
import type { FlowTestRun } from '#core/api/flow-tests.ts';

import { counted, testsInWords } from './tests-in-words.ts';
import { useFlowTests, useRunFlowTests } from './use-flow-tests.ts';

export interface PublishTestsNoteProps {
  readonly slug: string;
  /** Resolves once the draft is stored as it is on the canvas: what is tested is what would be published. */
  readonly flush: () => Promise<unknown>;
}

/** Runs the tests of the draft and says what they came to, before it is published. Nothing for a flow without tests. */
export function PublishTestsNote({ slug, flush }: PublishTestsNoteProps) {
  const { data: tests } = useFlowTests(slug);
  const run = useRunFlowTests(slug);
  const hasBegun = useRef(false);
  const count = tests?.length ?? 0;
  const { mutate } = run;
  useEffect(() => {
    if (count === 0 || hasBegun.current) return;
    hasBegun.current = true;
    void flush().then(() => mutate(undefined));
  }, [count, flush, mutate]);
  if (count === 0) return null;
  return (
    <div role="status" className="flex flex-col gap-1 rounded-md border border-border px-3 py-2 text-sm">
      {run.data ? (
        <Outcome run={run.data} />
      ) : run.error ? (
        <p className="text-warning">The tests could not be run: {messageOf(run.error)}</p>
      ) : (
        <p className="flex items-center gap-2 text-muted-foreground">
          <Spinner /> Running {counted(count)} …
        </p>
      )}
    </div>
  );
}

function Outcome({ run }: { run: FlowTestRun }) {
  const isFine = run.status === 'done' && run.failed === 0;
  const Icon = isFine ? CircleCheck : CircleAlert;
  return (
    <>
      <p className={isFine ? 'flex items-center gap-2 text-success' : 'flex items-center gap-2 text-danger'}>
        <Icon aria-hidden className="size-4" /> {testsInWords(run)}
      </p>
      <ul className="flex flex-col gap-0.5 pl-6 text-xs text-muted-foreground empty:hidden">
        {run.results
          .filter(({ passed }) => !passed)
          .map(({ id, name, differences }) => (
            <li key={id} className="break-words">
              <span className="font-medium text-foreground">{name}</span>: {differences[0]?.message}
            </li>
          ))}
      </ul>
    </>
  );
}
