'use client';

import { useState } from 'react';

import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { DialogProblem } from '#components/canvas/use-saved-draft.tsx';
import { FormOrJson, inputText, type InputFault } from '#components/inspector/form-or-json.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import type { FlowTest, UpdateFlowTest } from '#core/api/flow-tests.ts';

import { useUpdateFlowTest } from './use-flow-tests.ts';

const PARTS = [
  { part: 'input', label: 'Input' },
  { part: 'pins', label: 'What calls answer' },
  { part: 'expectations', label: 'What is expected' },
] as const;

type Part = (typeof PARTS)[number]['part'];

/** A test as a person changes it: its name, and its parts as JSON. */
export function FlowTestDialog({
  slug,
  test,
  onClose,
}: {
  slug: string;
  test: FlowTest;
  onClose: () => void;
}) {
  const [name, setName] = useState(test.name);
  const [texts, setTexts] = useState<Readonly<Record<Part, string>>>(() => ({
    input: inputText(test.input),
    pins: inputText(test.pins),
    expectations: inputText(test.expectations),
  }));
  const [faults, setFaults] = useState<readonly InputFault[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const update = useUpdateFlowTest(slug);
  const save = () => {
    setFaults([]);
    setProblem(null);
    const parsed = parseAll(texts);
    if ('unreadable' in parsed)
      return setProblem(`“${parsed.unreadable}” is not JSON. The place is marked in it.`);
    update.mutate(
      { id: test.id, change: { ...parsed.parts, name } },
      {
        onSuccess: onClose,
        onError: (error) => {
          setFaults(error instanceof ApiProblem ? error.errors : []);
          setProblem(messageOf(error));
        },
      },
    );
  };
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent
        title="Edit the test"
        description="In a test, calls answer as is written here."
        size="xl"
      >
        <DialogBody>
          <Field label="Name">
            <Input value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
          </Field>
          {PARTS.map(({ part, label }) => (
            <FormOrJson
              key={part}
              label={label}
              fields={null}
              text={texts[part]}
              lines={6}
              place={`/${part}`}
              faults={faults.filter(
                ({ pointer }) => pointer === `/${part}` || pointer.startsWith(`/${part}/`),
              )}
              onChange={(text) => setTexts({ ...texts, [part]: text })}
            />
          ))}
          <DialogProblem text={problem} />
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" loading={update.isPending} disabled={name.trim() === ''} onClick={save}>
            Save
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}

/** The server checks what the parts hold, and says the place of each fault. */
function parseAll(
  texts: Readonly<Record<Part, string>>,
): { readonly parts: UpdateFlowTest } | { readonly unreadable: string } {
  const parts: Record<string, unknown> = {};
  for (const { part, label } of PARTS) {
    try {
      parts[part] = JSON.parse(texts[part]);
    } catch {
      // Marked in the field and said below it.
      return { unreadable: label };
    }
  }
  return { parts: parts };
}
