'use client';

import { useState } from 'react';

import { FormProblem } from '#components/shell/auth-card.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Textarea } from '#components/ui/textarea.tsx';

export interface DiscardDialogProps {
  readonly isOpen: boolean;
  readonly title: string;
  /** What is put aside, in a sentence. */
  readonly description: string;
  readonly isPending: boolean;
  /** Why it did not come about; null while nothing went wrong. */
  readonly problem: string | null;
  readonly onDiscard: (reason: string) => void;
  readonly onClose: () => void;
}

/** Asks why, before dead letters are put aside. The reason is kept with each. */
export function DiscardDialog({ isOpen, onClose, ...form }: DiscardDialogProps) {
  return (
    <Dialog open={isOpen} onOpenChange={(open) => !open && onClose()}>
      {isOpen && <DiscardForm {...form} onClose={onClose} />}
    </Dialog>
  );
}

function DiscardForm(props: Omit<DiscardDialogProps, 'isOpen'>) {
  const [reason, setReason] = useState('');
  const [isAsked, setAsked] = useState(false);
  const said = reason.trim();
  const submit = () => {
    setAsked(true);
    if (said !== '') props.onDiscard(said);
  };
  return (
    <DialogContent title={props.title} description={props.description}>
      <DialogBody>
        <Field
          label="Reason"
          help="Kept for good, with your name and the time."
          error={isAsked && said === '' ? 'Say why: whoever looks for it later will want to know.' : null}
        >
          <Textarea
            autoFocus
            rows={3}
            maxLength={2_000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        <FormProblem message={props.problem} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={props.onClose} disabled={props.isPending}>
          Keep
        </Button>
        <Button variant="danger" loading={props.isPending} onClick={submit}>
          Discard
        </Button>
      </DialogFooter>
    </DialogContent>
  );
}
