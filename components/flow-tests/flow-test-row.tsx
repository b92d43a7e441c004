'use client';

import { CircleCheck, CircleDashed, CircleX, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useEditorStore } from '#components/canvas/editor-context.tsx';
import { AlertDialog } from '#components/ui/alert-dialog.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { FlowTest, FlowTestResult } from '#core/api/flow-tests.ts';
import { nodeById } from '#core/graph.ts';

import { useDeleteFlowTest } from './use-flow-tests.ts';

export interface FlowTestRowProps {
  readonly slug: string;
  readonly test: FlowTest;
  /** What it came to; undefined while it was not run. */
  readonly result: FlowTestResult | undefined;
  readonly onEdit: () => void;
}

/** One test, what it came to, and each difference, which leads to its node. */
export function FlowTestRow({ slug, test, result, onEdit }: FlowTestRowProps) {
  const store = useEditorStore();
  const count = test.expectations.length;
  return (
    <li className="flex flex-col gap-1 border-b border-border px-4 py-3">
      <div className="flex items-center gap-2">
        <Outcome result={result} />
        <div className="flex min-w-0 flex-1 flex-col">
          <span className="truncate text-sm font-medium" title={test.name}>
            {test.name}
          </span>
          <span className="text-xs text-muted-foreground">
            {count === 1 ? '1 field is checked' : `${count} fields are checked`}
          </span>
        </div>
        {!store.isReadOnly && (
          <>
            <IconButton size="sm" label={`Edit ${test.name}`} onClick={onEdit}>
              <Pencil />
            </IconButton>
            <DeleteButton slug={slug} test={test} />
          </>
        )}
      </div>
      {result && result.differences.length > 0 && (
        <ul aria-label={`What differs in ${test.name}`} className="flex flex-col gap-1 pl-6">
          {result.differences.map(({ expectation, message }) => (
            <Difference key={message} nodeId={expectation?.nodeId ?? null} message={message} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Outcome({ result }: { result: FlowTestResult | undefined }) {
  if (!result)
    return (
      <CircleDashed role="img" aria-label="Not run" className="size-4 shrink-0 text-subtle-foreground" />
    );
  return result.passed ? (
    <CircleCheck role="img" aria-label="Passed" className="size-4 shrink-0 text-success" />
  ) : (
    <CircleX role="img" aria-label="Failed" className="size-4 shrink-0 text-danger" />
  );
}

function Difference({ nodeId, message }: { nodeId: string | null; message: string }) {
  const store = useEditorStore();
  const isThere = nodeId !== null && nodeById(store.getState().document, nodeId) !== undefined;
  return (
    <li className="text-xs leading-4 break-words text-danger">
      {isThere ? (
        <button
          type="button"
          className="cursor-pointer rounded-sm text-left focus-ring hover:underline"
          onClick={() => store.select([nodeId])}
        >
          {message}
        </button>
      ) : (
        message
      )}
    </li>
  );
}

function DeleteButton({ slug, test }: { slug: string; test: FlowTest }) {
  const [isOpen, setOpen] = useState(false);
  const remove = useDeleteFlowTest(slug);
  return (
    <>
      <IconButton size="sm" label={`Delete ${test.name}`} onClick={() => setOpen(true)}>
        <Trash2 />
      </IconButton>
      <AlertDialog
        open={isOpen}
        onOpenChange={setOpen}
        title={`Delete the test “${test.name}”?`}
        description="Its event and its recorded answers go with it."
        confirmLabel="Delete"
        pending={remove.isPending}
        onConfirm={() =>
          remove.mutate(test.id, {
            onSuccess: () => setOpen(false),
            onError: (error) => toast.error(messageOf(error)),
          })
        }
      />
    </>
  );
}
