'use client';

import { Archive, ArrowRight, Pencil, Play, type LucideIcon, Repeat2 } from 'lucide-react';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useDeadLetterOf, useDiscard } from '#components/api/dead-letters.ts';
import { useResume } from '#components/api/recovery.ts';
import { groupHref } from '#components/dead-letters/group-href.ts';
import { useStepWords } from '#components/runs/step-looks.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { Button } from '#components/ui/button.tsx';
import { lazyPart } from '#components/ui/lazy-part.tsx';
import { Time } from '#components/ui/time.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { DeadLetter } from '#core/api/dead-letters.ts';
import type { Run } from '#core/api/runs.ts';

import { ReplayDialog } from './lazy-replay-dialog.ts';
import { nodeName, recoveryOf, type Recovery } from './recovery-words.ts';

const DiscardDialog = lazyPart(
  async () => (await import('./discard-dialog.tsx')).DiscardDialog,
  ({ isOpen }) => isOpen,
);
const FixInputDialog = lazyPart(
  async () => (await import('./fix-input-dialog.tsx')).FixInputDialog,
  ({ isOpen }) => isOpen,
);

/** Under the header of a run that failed: what can be done about it. Nothing for every other run. */
export function RecoveryBar({ run }: { run: Run }) {
  const { lookOf } = useStepWords();
  const recovery = recoveryOf(run, lookOf);
  const mayReplay = useRight('run:replay');
  const letter = useDeadLetterOf(run.id, `${run.deadLetter} ${run.resumes}`, recovery !== null);
  if (recovery === null) return null;
  return (
    <section
      aria-label="What you can do"
      className="flex shrink-0 flex-col gap-2.5 border-b border-border bg-surface px-4 py-3 md:px-6"
    >
      <Standing run={run} letter={letter.data ?? null} />
      {mayReplay ? (
        <Actions run={run} recovery={recovery} />
      ) : (
        <p className="text-sm text-muted-foreground">
          Somebody with the role operator can resume, replay or discard it.
        </p>
      )}
    </section>
  );
}

/** How its dead letter stands, and the way to those like it. */
function Standing({ run, letter }: { run: Run; letter: DeadLetter | null }) {
  return (
    <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1 text-sm">
      <h2 className="font-semibold">{STANDING[run.deadLetter ?? 'open']}</h2>
      {letter?.discardReason != null && (
        <p className="min-w-0 break-words text-muted-foreground">
          {letter.discardedAt !== null && <Time at={letter.discardedAt} />}: {letter.discardReason}
        </p>
      )}
      {letter !== null && (
        <Link
          href={groupHref({ ...letter, errorKind: letter.error?.kind ?? '' })}
          className="inline-flex items-center gap-1 rounded-sm text-accent-text focus-ring hover:underline sm:ml-auto"
        >
          All that failed for this cause
          <ArrowRight aria-hidden className="size-3.5" />
        </Link>
      )}
    </div>
  );
}

const STANDING = {
  open: 'This run failed and waits for you',
  redriven: 'This run failed and was dealt with',
  discarded: 'This run failed and was discarded',
} as const;

function Actions({ run, recovery }: { run: Run; recovery: Recovery }) {
  const [dialog, setDialog] = useState<'fix' | 'replay' | 'discard' | null>(null);
  const resume = useResume(run.id);
  const discard = useDiscard(run.id);
  const close = () => setDialog(null);
  const { labelOf } = useStepWords();
  const { failedSteps, fixableSteps, refusal } = recovery;
  const [first] = failedSteps;
  const at = first === undefined ? 'where it failed' : `“${nodeName(run.document, first.nodeId, labelOf)}”`;
  const goOn = () =>
    resume.mutate(
      {},
      {
        onSuccess: () => toast.success('The run goes on'),
        onError: (error) => toast.error(messageOf(error)),
      },
    );
  return (
    <>
      {refusal !== null && <p className="text-sm text-muted-foreground">{refusal}</p>}
      <ul className="grid gap-2 sm:grid-cols-2 xl:grid-cols-4">
        {refusal === null && (
          <Action icon={Play} label="Resume" isMain isPending={resume.isPending} onClick={goOn}>
            Goes on from {at} with the same keys. What succeeded is kept.
          </Action>
        )}
        {refusal === null && fixableSteps.length > 0 && (
          <Action icon={Pencil} label="Fix input and resume…" onClick={() => setDialog('fix')}>
            Change what the failed step got, then go on from there.
          </Action>
        )}
        <Action icon={Repeat2} label="Replay…" onClick={() => setDialog('replay')}>
          Makes a new run, from the start or from a step, also in another version.
        </Action>
        {run.deadLetter === 'open' && (
          <Action icon={Archive} label="Discard…" onClick={() => setDialog('discard')}>
            Puts it aside with a reason. Nothing runs, and it stays readable.
          </Action>
        )}
      </ul>
      <FixInputDialog run={run} steps={fixableSteps} isOpen={dialog === 'fix'} onClose={close} />
      <ReplayDialog run={run} isOpen={dialog === 'replay'} onClose={close} />
      <DiscardDialog
        isOpen={dialog === 'discard'}
        title="Discard this dead letter?"
        description="Nobody is asked about it any more. The run and its data stay as they are."
        isPending={discard.isPending}
        problem={discard.isError ? messageOf(discard.error) : null}
        onDiscard={(reason) =>
          discard.mutate(reason, {
            onSuccess: () => {
              close();
              toast.success('Discarded');
            },
          })
        }
        onClose={close}
      />
    </>
  );
}

interface ActionProps {
  icon: LucideIcon;
  label: string;
  isMain?: boolean;
  isPending?: boolean;
  onClick: () => void;
  children: ReactNode;
}

/** A button and what it does. */
function Action({ icon: Icon, label, isMain = false, isPending = false, onClick, children }: ActionProps) {
  return (
    <li className="flex flex-col items-start gap-1.5">
      <Button variant={isMain ? 'primary' : 'secondary'} loading={isPending} onClick={onClick}>
        <Icon aria-hidden />
        {label}
      </Button>
      <p className="text-xs leading-4 text-pretty text-muted-foreground">{children}</p>
    </li>
  );
}
