'use client';

import { CircleHelp } from 'lucide-react';
import { useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useResolve } from '#components/api/recovery.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { Button } from '#components/ui/button.tsx';
import { lazyPart } from '#components/ui/lazy-part.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { Run, Step } from '#core/api/runs.ts';

import { parseJson } from './parse-json.ts';

// It brings the editor of values along.
const DoubtOutput = lazyPart(
  async () => (await import('./doubt-output.tsx')).DoubtOutput,
  ({ text }) => text !== null,
);

/** A call that may have happened, and must not happen twice: asks the one who looks. */
export function DoubtCard({ run, step }: { run: Run; step: Step }) {
  const mayResolve = useRight('run:resolve');
  const [text, setText] = useState<string | null>(null);
  const resolve = useResolve(run.id);
  if (step.status !== 'in_doubt') return null;
  const output = text === null || text.trim() === '' ? null : parseJson(text);
  const settle = (as: 'done' | 'retry') =>
    resolve.mutate(
      { nodeId: step.nodeId, key: step.key, as, ...(as === 'done' && output !== null && { output }) },
      { onSuccess: () => toast.success(as === 'done' ? 'Noted. The run goes on.' : 'It is done again.') },
    );
  return (
    <section
      aria-label="In doubt"
      className="mx-4 mb-4 flex flex-col gap-3 rounded-lg border border-doubt/40 p-3 text-sm leading-5"
    >
      <div>
        <h3 className="flex items-center gap-2 font-semibold text-doubt">
          <CircleHelp aria-hidden className="size-4 shrink-0" />
          Did it happen?
        </h3>
        <p className="mt-1 text-muted-foreground">
          The call went out, and its answer was lost. It must not be made twice, so the run waits for you:
          look at the other side, then say what you found.
        </p>
      </div>
      {mayResolve && <DoubtOutput text={text} onChange={setText} />}
      {!mayResolve ? (
        <p className="text-muted-foreground">Somebody with the role operator can settle it.</p>
      ) : text === null ? (
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setText('')} disabled={resolve.isPending}>
            It happened…
          </Button>
          <Button loading={resolve.isPending} onClick={() => settle('retry')}>
            Do it again
          </Button>
        </div>
      ) : (
        <>
          <p className="-mt-1.5 text-xs text-muted-foreground">
            What it gave, as JSON, for the steps that use it. Empty: nothing.
          </p>
          <div className="flex flex-wrap gap-2">
            <Button
              variant="primary"
              disabled={output === undefined}
              loading={resolve.isPending}
              onClick={() => settle('done')}
            >
              It happened, go on
            </Button>
            <Button onClick={() => setText(null)} disabled={resolve.isPending}>
              Back
            </Button>
          </div>
        </>
      )}
      <FormProblem message={resolve.isError ? messageOf(resolve.error) : null} />
    </section>
  );
}
