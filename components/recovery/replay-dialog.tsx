'use client';

import { useRouter } from 'next/navigation';

import { messageOf } from '#components/api/api-problem.ts';
import { useReplay, useReplayPlan } from '#components/api/recovery.ts';
import { nodeLabel } from '#components/canvas/node-look.ts';
import { FormOrJson } from '#components/inspector/form-or-json.tsx';
import { versionInWords } from '#components/runs/run-words.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/select.tsx';
import { Spinner } from '#components/ui/spinner.tsx';
import { Switch } from '#components/ui/switch.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { Run } from '#core/api/runs.ts';

import { HiddenPartsNote } from './hidden-parts-note.tsx';
import { PlanView } from './plan-view.tsx';
import { INPUT_PLACE } from './step-settings.ts';
import { FROM_START, useReplayForm, type ReplayForm } from './use-replay-form.ts';
import { useSettled } from './use-settled.ts';
import { VersionField } from './version-field.tsx';
import { WholeRun } from './whole-run.tsx';

export interface ReplayDialogProps {
  readonly run: Run;
  /** The node that is chosen at first; absent: the start. */
  readonly from?: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Makes a new run of an old one, after showing what it will do. */
export function ReplayDialog({ run, from, isOpen, onClose }: ReplayDialogProps) {
  return (
    <Dialog open={isOpen} onOpenChange={(open) => !open && onClose()}>
      {isOpen && (
        <DialogContent
          size="lg"
          title="Replay this run"
          description="Makes a new run with keys of its own. This one stays as it is."
        >
          <WholeRun run={run}>{(whole) => <ReplayBody run={whole} from={from} onClose={onClose} />}</WholeRun>
        </DialogContent>
      )}
    </Dialog>
  );
}

function ReplayBody({ run, from, onClose }: Omit<ReplayDialogProps, 'isOpen'>) {
  const router = useRouter();
  const form = useReplayForm(run, from);
  const settled = useSettled(form.choice);
  const plan = useReplayPlan(run.id, settled);
  const replay = useReplay(run.id);
  const isOld = plan.isPlaceholderData || plan.isFetching || settled !== form.choice;
  const start = () => {
    if (form.choice === null) return;
    replay.mutate(form.choice, {
      onSuccess: ({ id }) => {
        toast.success('The replay has begun');
        router.push(`/runs/${id}`);
      },
    });
  };
  return (
    <>
      <DialogBody>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Begin at">
            <Select
              options={form.points.map(({ id, label }) => ({ value: id ?? FROM_START, label }))}
              value={form.from ?? FROM_START}
              onValueChange={(id) => form.setFrom(id === FROM_START ? undefined : id)}
            />
          </Field>
          <VersionField
            flow={run.flow}
            originalLabel={`As it ran (${versionInWords(run.version)})`}
            value={form.version}
            onChange={form.setVersion}
          />
        </div>
        <ReplayInput form={form} />
        {plan.isError ? (
          <FormProblem message={messageOf(plan.error)} />
        ) : plan.data === undefined ? (
          <p className="flex items-center gap-2 text-sm text-muted-foreground">
            <Spinner /> Working out what will happen …
          </p>
        ) : (
          <PlanView plan={plan.data} isOld={isOld} />
        )}
        <FormProblem message={replay.isError ? messageOf(replay.error) : null} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose} disabled={replay.isPending}>
          Cancel
        </Button>
        <Button
          variant="primary"
          disabled={form.choice === null || plan.isError || plan.data === undefined || isOld}
          loading={replay.isPending || replay.isSuccess}
          onClick={start}
        >
          Start the replay
        </Button>
      </DialogFooter>
    </>
  );
}

/** The input that the first step gets: as it was, or written anew. */
function ReplayInput({ form }: { form: ReplayForm }) {
  const { node, edit } = form;
  return (
    <div className="flex flex-col gap-3">
      <Field
        inline
        label={node === undefined ? 'Change the body of the event' : `Change what “${nodeLabel(node)}” gets`}
        help={
          edit.isOn
            ? null
            : node === undefined
              ? 'Off: the same event again.'
              : 'Off: its expressions are worked out anew, from the outputs that are taken over.'
        }
      >
        <Switch checked={edit.isOn} onCheckedChange={edit.setOn} />
      </Field>
      {edit.isOn && (
        <>
          <HiddenPartsNote text={edit.text} />
          <FormOrJson
            key={node?.id ?? FROM_START}
            label={node === undefined ? 'Body' : 'Input'}
            fields={edit.fields}
            text={edit.text}
            faults={edit.faults}
            place={INPUT_PLACE}
            onChange={edit.setText}
            lines={8}
          />
          {edit.isBroken && (
            <p className="text-xs text-danger">This is not JSON yet. The place is marked in it.</p>
          )}
        </>
      )}
    </div>
  );
}
