'use client';

import { useMemo, useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { DialogProblem } from '#components/canvas/use-saved-draft.tsx';
import { Button } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Dialog, DialogBody, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { Run } from '#core/api/runs.ts';
import { placeOf } from '#core/flow-tests/check-expectation.ts';

import { fieldChoices, type FieldChoice, type FieldGroup } from './field-choices.ts';
import { useCreateFlowTest } from './use-flow-tests.ts';

export interface SaveTestDialogProps {
  readonly run: Run;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Makes a test of a flow out of a run that has ended. */
export function SaveTestDialog({ run, isOpen, onClose }: SaveTestDialogProps) {
  return isOpen ? <SaveDialog run={run} onClose={onClose} /> : null;
}

function SaveDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const groups = useMemo(() => fieldChoices(run), [run]);
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set([keyOf(groups[0]!.fields[0]!)]));
  const [problem, setProblem] = useState<string | null>(null);
  const create = useCreateFlowTest(run.flow);
  const toggle = (key: string, isOn: boolean) => {
    const next = new Set(chosen);
    if (isOn) next.add(key);
    else next.delete(key);
    setChosen(next);
  };
  const save = () => {
    const expectations = groups
      .flatMap(({ fields }) => fields)
      .filter((field) => chosen.has(keyOf(field)))
      .map(({ expectation }) => expectation);
    create.mutate(
      { name: name.trim(), runId: run.id, expectations },
      {
        onSuccess: () => {
          onClose();
          toast.success('The test is saved. Run it from the flow, under “Tests”.');
        },
        onError: (error) => setProblem(messageOf(error)),
      },
    );
  };
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent
        title="Save as test"
        description="The event of this run comes again, and its calls answer as they did. Choose what must stay as it is."
        size="lg"
      >
        <form
          className="contents"
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <DialogBody>
            <Field label="Name">
              <Input
                value={name}
                maxLength={200}
                placeholder="Gift orders get a card"
                onChange={(event) => setName(event.target.value)}
              />
            </Field>
            {groups.map((group) => (
              <Group key={group.nodeId ?? ''} run={run} group={group} chosen={chosen} onToggle={toggle} />
            ))}
            <DialogProblem text={problem} />
          </DialogBody>
          <DialogFooter>
            <span className="mr-auto text-sm text-muted-foreground">
              {chosen.size === 1 ? '1 field is checked' : `${chosen.size} fields are checked`}
            </span>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant="primary" loading={create.isPending} disabled={name.trim() === ''}>
              Save
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}

interface GroupProps {
  readonly run: Run;
  readonly group: FieldGroup;
  readonly chosen: ReadonlySet<string>;
  readonly onToggle: (key: string, isOn: boolean) => void;
}

function Group({ run, group, chosen, onToggle }: GroupProps) {
  const node = run.document.nodes.find(({ id }) => id === group.nodeId);
  const title = group.nodeId === null ? 'The run' : node?.label || group.nodeId;
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="pb-1 text-sm font-medium">{title}</legend>
      {group.fields.map((field) => {
        const key = keyOf(field);
        return (
          <label
            key={key}
            className="flex cursor-pointer items-center gap-2.5 rounded-md px-2 py-1 hover:bg-muted"
          >
            <Checkbox
              aria-label={key}
              checked={chosen.has(key)}
              onCheckedChange={(isOn) => onToggle(key, isOn)}
            />
            <code className="shrink-0 font-mono text-xs">{field.name}</code>
            <span className="min-w-0 truncate font-mono text-xs text-muted-foreground">
              {JSON.stringify(field.expectation.value)}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}

/** As differences name it: `map › output.title`. */
function keyOf({ expectation }: FieldChoice): string {
  return placeOf(expectation);
}
