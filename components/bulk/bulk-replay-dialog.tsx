'use client';

import { useId, useMemo, useState } from 'react';

import type { BulkRequest } from '#components/api/bulk-actions.ts';
import { useRun } from '#components/api/runs.ts';
import { nodeLabel } from '#components/canvas/node-look.ts';
import { LazyCodeField } from '#components/inspector/lazy-code-field.tsx';
import '#components/inspector/inspector.css';
import { replayPoints } from '#components/recovery/replay-points.ts';
import { FROM_START } from '#components/recovery/use-replay-form.ts';
import { useVersionDocument } from '#components/recovery/use-version-document.ts';
import { VersionField, type VersionChoice } from '#components/recovery/version-field.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/select.tsx';
import { Spinner } from '#components/ui/spinner.tsx';
import { Switch } from '#components/ui/switch.tsx';
import type { Run } from '#core/api/runs.ts';

import { BulkForm } from './bulk-form.tsx';
import { ExpressionPreview } from './expression-preview.tsx';

export type RunsToReplay = Extract<BulkRequest, { kind: 'replay' }>['filter'];

export interface BulkReplayDialogProps {
  /** Which runs, all of one flow; null while it is closed. */
  readonly filter: RunsToReplay | null;
  /** One of them, whose event the expression is tried on. */
  readonly sampleRunId: string;
  readonly onClose: () => void;
}

/** Makes a new run of each of many, after saying how many they are. */
export function BulkReplayDialog({ filter, sampleRunId, onClose }: BulkReplayDialogProps) {
  return (
    <Dialog open={filter !== null} onOpenChange={(open) => !open && onClose()}>
      {filter !== null && <LoadedForm filter={filter} sampleRunId={sampleRunId} onClose={onClose} />}
    </Dialog>
  );
}

interface FormProps {
  filter: RunsToReplay;
  onClose: () => void;
}

function LoadedForm({ sampleRunId, ...props }: FormProps & { sampleRunId: string }) {
  const sample = useRun(sampleRunId);
  if (sample.data !== undefined) return <ReplayForm {...props} sample={sample.data} />;
  return (
    <BulkForm title="Replay runs" description="" request={null} startLabel="Start" onClose={props.onClose}>
      <Spinner label="Loading" />
    </BulkForm>
  );
}

function ReplayForm({ filter, sample, onClose }: FormProps & { sample: Run }) {
  const [version, setVersion] = useState<VersionChoice>('original');
  const [chosenFrom, setFrom] = useState<string | undefined>(undefined);
  const [expression, setExpression] = useState<string | null>(null);
  const document = useVersionDocument(sample.flow, version, sample.document);
  const points = useMemo(() => replayPoints(document), [document]);
  const from = points.find(({ id }) => id === chosenFrom)?.id;
  const labelId = useId();
  const hasBody = expression !== null && from === undefined;
  const isReady = !hasBody || expression.trim() !== '';
  const request: BulkRequest = {
    kind: 'replay',
    filter,
    version,
    ...(from !== undefined && { from }),
    ...(hasBody && { inputExpression: expression }),
  };
  return (
    <BulkForm
      title={`Replay runs of “${sample.flowName}”`}
      description="Makes a new run of each. Which they are is fixed when you start; you can pause and cancel at any time."
      request={isReady ? request : null}
      previewOf={{ kind: 'replay', filter }}
      startLabel="Start the replay"
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Begin at">
          <Select
            options={[
              { value: FROM_START, label: 'The start' },
              ...points.map((node) => ({ value: node.id, label: nodeLabel(node) })),
            ]}
            value={from ?? FROM_START}
            onValueChange={(id) => setFrom(id === FROM_START ? undefined : id)}
          />
        </Field>
        <VersionField flow={sample.flow} originalLabel="As each ran" value={version} onChange={setVersion} />
      </div>
      {from === undefined && (
        <div className="flex flex-col gap-2">
          <Field
            inline
            label="Change the body of each event"
            help={hasBody ? null : 'Off: the same events again.'}
          >
            <Switch
              checked={expression !== null}
              onCheckedChange={(isOn) => setExpression(isOn ? 'trigger.body' : null)}
            />
          </Field>
          {expression !== null && (
            <>
              <span id={labelId} className="text-xs text-muted-foreground">
                A JSONata expression over <code className="font-mono">trigger</code> that gives the new body
              </span>
              <LazyCodeField
                kind="expression"
                value={expression}
                onChange={setExpression}
                labelledBy={labelId}
                scope={{ trigger: sample.trigger }}
                lines={3}
              />
              <ExpressionPreview expression={expression} trigger={sample.trigger} />
            </>
          )}
        </div>
      )}
    </BulkForm>
  );
}
