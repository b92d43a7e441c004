'use client';

import { useMemo, useState, type ReactNode } from 'react';

import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { useResume } from '#components/api/recovery.ts';
import { nodeLabel } from '#components/canvas/node-look.ts';
import { FormOrJson, inputText } from '#components/inspector/form-or-json.tsx';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/select.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { Run, Step } from '#core/api/runs.ts';

import { HiddenPartsNote } from './hidden-parts-note.tsx';
import { parseJson } from './parse-json.ts';
import { nodeName } from './recovery-words.ts';
import { INPUT_PLACE, settingFaults, settingFields } from './step-settings.ts';
import { WholeRun } from './whole-run.tsx';

export interface FixInputDialogProps {
  readonly run: Run;
  /** The failed steps whose settings can be written anew. */
  readonly steps: readonly Step[];
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** What a failed step got, to be put right before the run goes on from there. */
export function FixInputDialog({ run, steps, isOpen, onClose }: FixInputDialogProps) {
  const [nodeId, setNodeId] = useState<string | null>(null);
  const step = steps.find((each) => each.nodeId === nodeId) ?? steps[0];
  return (
    <Dialog open={isOpen} onOpenChange={(open) => !open && onClose()}>
      {isOpen && step !== undefined && (
        <DialogContent
          size="lg"
          title="Fix the input and resume"
          description={`What “${nodeName(run.document, step.nodeId, nodeLabel)}” got when it failed. Change it: the step gets your values instead of what its expressions make, for this run alone.`}
        >
          <WholeRun run={run}>
            {(whole) => (
              <FixForm key={step.nodeId} run={whole} step={sameStep(whole, step)} onClose={onClose}>
                {steps.length > 1 && (
                  <Field label="Step">
                    <Select
                      options={steps.map((each) => ({
                        value: each.nodeId,
                        label: nodeName(run.document, each.nodeId, nodeLabel),
                      }))}
                      value={step.nodeId}
                      onValueChange={setNodeId}
                    />
                  </Field>
                )}
              </FixForm>
            )}
          </WholeRun>
        </DialogContent>
      )}
    </Dialog>
  );
}

/** The step as the whole run has it, with its input. */
function sameStep({ steps }: Run, step: Step): Step {
  return steps.find(({ nodeId, key }) => nodeId === step.nodeId && key === step.key) ?? step;
}

interface FixFormProps {
  run: Run;
  step: Step;
  onClose: () => void;
  children: ReactNode;
}

function FixForm({ run, step, onClose, children }: FixFormProps) {
  const node = run.document.nodes.find(({ id }) => id === step.nodeId);
  const [text, setText] = useState(() => inputText(step.input ?? {}));
  const [isAsked, setAsked] = useState(false);
  const resume = useResume(run.id);
  const fields = useMemo(() => node && settingFields(node), [node]);
  const value = parseJson(text);
  const found = node === undefined || value === undefined ? [] : settingFaults(node, value);
  const refused = resume.error instanceof ApiProblem ? resume.error.errors : [];
  // While somebody writes for the first time, what is missing is no fault yet.
  const faults = isAsked ? [...found, ...refused] : [];
  const submit = () => {
    setAsked(true);
    if (value === undefined || found.length > 0) return;
    resume.mutate(
      { nodeId: step.nodeId, input: value },
      {
        onSuccess: () => {
          onClose();
          toast.success('The run goes on with the new input');
        },
      },
    );
  };
  return (
    <>
      <DialogBody>
        {children}
        <HiddenPartsNote text={text} />
        <FormOrJson
          label="Input"
          fields={fields ?? null}
          text={text}
          faults={faults}
          place={INPUT_PLACE}
          onChange={(next) => {
            resume.reset();
            setText(next);
          }}
        />
        <FormProblem message={problemOf({ isAsked, isJson: value !== undefined, error: resume.error })} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose} disabled={resume.isPending}>
          Cancel
        </Button>
        <Button variant="primary" loading={resume.isPending} onClick={submit}>
          Resume with this input
        </Button>
      </DialogFooter>
    </>
  );
}

function problemOf(state: { isAsked: boolean; isJson: boolean; error: Error | null }): string | null {
  if (state.isAsked && !state.isJson) return 'The input is not JSON. The place is marked in it.';
  return state.error === null ? null : messageOf(state.error);
}
