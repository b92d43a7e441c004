'use client';

import { useState } from 'react';

import { DialogProblem } from '#components/canvas/use-saved-draft.tsx';
import { FormOrJson, inputText } from '#components/inspector/form-or-json.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import type { FlowNode } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';

export interface PinDialogProps {
  readonly node: FlowNode;
  /** What stands in the field at first. */
  readonly start: Json;
  readonly onPin: (output: Json) => void;
  readonly onClose: () => void;
}

/** An output written as JSON, to be pinned to a node. */
export function PinDialog({ node, start, onPin, onClose }: PinDialogProps) {
  const [text, setText] = useState(() => inputText(start));
  const [problem, setProblem] = useState<string | null>(null);
  const save = () => {
    let output: Json;
    try {
      output = JSON.parse(text) as Json;
    } catch {
      // Marked in the field and said below it.
      setProblem('The output is not JSON. The place is marked in it.');
      return;
    }
    onPin(output);
    onClose();
  };
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent
        title={`Pin an output to ${node.label || node.id}`}
        description="Test runs can use it instead of carrying the step out."
        size="lg"
      >
        <DialogBody>
          <FormOrJson
            label="Output"
            fields={null}
            text={text}
            place="/output"
            faults={[]}
            onChange={setText}
          />
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
