'use client';

import { useState } from 'react';

import { useEditor } from '#components/canvas/editor-context.tsx';
import { DialogProblem } from '#components/canvas/use-saved-draft.tsx';
import { FormOrJson } from '#components/inspector/form-or-json.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import type { FlowNode } from '#core/flow-document.ts';
import type { PinnedAnswer } from '#core/pins/pin.ts';
import { pinSetNames } from '#core/pins/pin-sets.ts';

import { ERROR_KINDS, pinFormOf, readPinForm, type PinForm } from './pin-form.ts';
import { pinSetOptions } from './pin-set-select.tsx';

export interface PinDialogProps {
  readonly node: FlowNode;
  /** What stands in the form at first. */
  readonly start: PinnedAnswer;
  readonly startSet: string;
  /** For a trigger, which cannot fail and has one pin. */
  readonly isOutputOnly: boolean;
  readonly onPin: (answer: PinnedAnswer, set: string) => void;
  readonly onClose: () => void;
}

const NEW_SET = ' new';

/** An output written as JSON, or an error, to be pinned to a node in one of the sets of the flow or in a new one. */
export function PinDialog({ node, start, startSet, isOutputOnly, onPin, onClose }: PinDialogProps) {
  const document = useEditor((state) => state.document);
  const [form, setForm] = useState(() => pinFormOf(start));
  const [set, setSet] = useState(startSet);
  const [newName, setNewName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const change = (part: Partial<PinForm>) => setForm({ ...form, ...part });
  const names = pinSetNames(document);
  const save = () => {
    const read = readPinForm(form, set === NEW_SET ? newName : set);
    if ('problem' in read) return setProblem(read.problem);
    onPin(read.answer, read.set);
    onClose();
  };
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent
        title={`Pin ${isOutputOnly ? 'an output' : 'an answer'} to ${node.label || node.id}`}
        description="Test runs can use it instead of carrying the step out."
        size="lg"
      >
        <DialogBody>
          {!isOutputOnly && (
            <Field label="The step">
              <Select
                options={[
                  { value: 'output', label: 'Succeeds with an output' },
                  { value: 'error', label: 'Fails with an error' },
                ]}
                value={form.answers}
                onValueChange={(answers: PinForm['answers']) => change({ answers })}
              />
            </Field>
          )}
          {form.answers === 'output' ? (
            <FormOrJson
              label="Output"
              fields={null}
              text={form.output}
              place="/output"
              faults={[]}
              onChange={(output) => change({ output })}
            />
          ) : (
            <ErrorFields form={form} onChange={change} />
          )}
          {!isOutputOnly && (
            <Field
              label="In the set"
              help="A set holds what is different in one case, such as “card declined”; for all else the default set answers."
            >
              <Select
                options={[
                  ...pinSetOptions(names.includes(startSet) ? names : [...names, startSet]),
                  { value: NEW_SET, label: 'A new set…' },
                ]}
                value={set}
                onValueChange={setSet}
              />
            </Field>
          )}
          {set === NEW_SET && (
            <Field label="Name of the set">
              <Input value={newName} maxLength={60} onChange={(event) => setNewName(event.target.value)} />
            </Field>
          )}
          <DialogProblem text={problem} />
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" onClick={save}>
            Pin
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}

function ErrorFields({ form, onChange }: { form: PinForm; onChange: (part: Partial<PinForm>) => void }) {
  return (
    <>
      <Field label="Kind of error">
        <Select
          options={ERROR_KINDS}
          value={form.kind}
          onValueChange={(kind: PinForm['kind']) => onChange({ kind })}
        />
      </Field>
      <Field label="Message">
        <Textarea
          rows={3}
          value={form.message}
          maxLength={10_000}
          onChange={(event) => onChange({ message: event.target.value })}
        />
      </Field>
    </>
  );
}
