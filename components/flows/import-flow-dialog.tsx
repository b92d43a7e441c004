'use client';

import { FileUp } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMemo, useRef, useState } from 'react';

import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { useCreateFlow } from '#components/api/flows.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { ScrollList } from '#components/ui/scroll-list.tsx';
import { Textarea } from '#components/ui/textarea.tsx';

import { slugFromName } from '#core/slug-from-name.ts';

import { arrangeImport } from './arrange-import.ts';
import { freeSlug } from './flow-slug.ts';
import { ImportReport } from './import-report.tsx';
import { readImport, type ImportText } from './read-import.ts';

export interface ImportFlowDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  takenSlugs: ReadonlySet<string>;
}

/** Takes a flow from a file, a drop or pasted text, and stores it as a new one. */
export function ImportFlowDialog({ open, onOpenChange, takenSlugs }: ImportFlowDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        size="xl"
        title="Import a flow"
        description="A flow of Patchbay, n8n or Node-RED: the exported file, or its text. Nothing is made before you have seen what it becomes."
      >
        <ImportForm takenSlugs={takenSlugs} />
      </DialogContent>
    </Dialog>
  );
}

function ImportForm({ takenSlugs }: { takenSlugs: ReadonlySet<string> }) {
  const router = useRouter();
  const [text, setText] = useState('');
  const [start, setStart] = useState<string>();
  const fileInput = useRef<HTMLInputElement>(null);
  const create = useCreateFlow();
  const parsed = useMemo(() => (text.trim() === '' ? undefined : readImport(text, start)), [text, start]);
  const slug = parsed?.ok === true ? freeSlug(parsed.slug || slugFromName(parsed.name), takenSlugs) : '';

  const change = (next: string) => {
    create.reset();
    setStart(undefined);
    setText(next);
  };
  const readFile = (file: File | undefined) => void file?.text().then(change);
  const submit = async () => {
    if (parsed?.ok !== true) return;
    const document =
      parsed.report === undefined ? parsed.document : await arrangeImport(parsed.report.document);
    create.mutate({ ...document, slug }, { onSuccess: () => router.push(`/flows/${slug}`) });
  };
  return (
    <>
      <DialogBody
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          readFile(event.dataTransfer.files[0]);
        }}
      >
        <Field
          label="Flow document"
          aside={
            <Button size="sm" variant="ghost" onClick={() => fileInput.current?.click()}>
              <FileUp aria-hidden />
              Choose a file
            </Button>
          }
          error={parsed?.ok === false ? parsed.message : undefined}
        >
          <Textarea
            mono
            rows={parsed?.ok === true ? 3 : 12}
            spellCheck={false}
            placeholder="Paste here, or drop a file."
            value={text}
            onChange={(event) => change(event.target.value)}
          />
        </Field>
        <input
          ref={fileInput}
          type="file"
          accept=".json,application/json"
          aria-label="Flow file"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            readFile(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
        <ImportOutline parsed={parsed} slug={slug} />
        {parsed?.ok === true && parsed.report !== undefined && (
          <ImportReport report={parsed.report} onStart={setStart} />
        )}
        <ImportFaults error={create.error} />
      </DialogBody>
      <DialogFooter>
        <DialogClose render={<Button />}>Cancel</DialogClose>
        <Button
          variant="primary"
          disabled={parsed?.ok !== true}
          loading={create.isPending || create.isSuccess}
          onClick={() => void submit()}
        >
          {parsed?.ok === true && parsed.report !== undefined ? 'Create the flow' : 'Import'}
        </Button>
      </DialogFooter>
    </>
  );
}

function ImportOutline({ parsed, slug }: { parsed: ImportText | undefined; slug: string }) {
  if (parsed?.ok !== true) return null;
  return (
    <p className="text-sm text-muted-foreground">
      <strong className="font-medium text-foreground">{parsed.name || 'A flow without a name'}</strong>,{' '}
      {parsed.nodes === 1 ? '1 node' : `${parsed.nodes} nodes`}. It becomes the flow{' '}
      <code className="font-mono text-xs">{slug}</code>
      {slug === parsed.slug ? '.' : `, because “${parsed.slug}” is taken.`}
    </p>
  );
}

function ImportFaults({ error }: { error: Error | null }) {
  if (error === null) return null;
  const faults = error instanceof ApiProblem ? error.errors : [];
  return (
    <div role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
      <p className="font-medium">
        {faults.length === 0 ? messageOf(error) : 'The flow cannot be stored as it is:'}
      </p>
      {faults.length > 0 && (
        <ScrollList className="mt-1 flex max-h-48 flex-col gap-1">
          {faults.map((fault, index) => (
            <li key={index} className="break-words">
              <code className="font-mono text-xs">{fault.pointer || '/'}</code> {fault.message}
            </li>
          ))}
        </ScrollList>
      )}
    </div>
  );
}
