'use client';

import { Check, X } from 'lucide-react';

import { useFlows } from '#components/api/flows.ts';
import { useLastRun } from '#components/inspector/use-scope.ts';
import { useRight } from '#components/shell/rights.tsx';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { IconButton } from '#components/ui/icon-button.tsx';
import type { FlowDocument } from '#core/flow-document.ts';

import { useEditor, useEditorStore } from './editor-context.tsx';
import { ALL_OF_IT, type EditorStore } from './editor-store.ts';
import { firstFlowSteps, usesData, type FirstFlowStep } from './first-flow.ts';
import { isTrigger } from './node-ports.ts';
import { useOpenFault } from './use-open-fault.ts';
import { useStoredFlag } from './use-stored-flag.ts';

/** Over the canvas while no flow of the workspace was ever published: the way to a first one that works. Can be put away. */
export function FirstFlowGuide() {
  const store = useEditorStore();
  const document = useEditor((state) => state.document);
  const mayPublish = useRight('flow:publish');
  const { data: flows } = useFlows();
  const { data: lastRun } = useLastRun(document);
  const openFault = useOpenFault();
  const [isOpen, setOpen] = useStoredFlag('first-flow-guide', true);
  const isFirst = flows?.every(({ publishedVersion }) => publishedVersion === null) ?? false;
  if (!isOpen || !isFirst || !mayPublish) return null;
  const steps = firstFlowSteps(document, store.catalog, { hasRun: Boolean(lastRun) });
  const next = steps.find(({ isDone }) => !isDone);
  const act = (id: FirstFlowStep['id']) => {
    if (id === 'run') store.setState({ dialog: 'run', runPart: ALL_OF_IT });
    else if (id === 'publish') store.setState({ dialog: 'publish' });
    else if (id === 'data') openFault({ nodeId: stepToFill(document, store)?.id, pointer: '' });
    else store.setState({ picker: pickerFor(document, store) });
  };
  return (
    <section
      aria-label="Your first flow"
      className="flex shrink-0 items-center gap-3 border-b border-border bg-accent-soft/60 py-1.5 pr-2 pl-4 text-sm max-lg:hidden"
    >
      <ol className="flex shrink-0 items-center gap-1.5">
        {steps.map((step, index) => (
          <StepChip
            key={step.id}
            step={step}
            number={index + 1}
            isNext={step === next}
            onPress={() => act(step.id)}
          />
        ))}
      </ol>
      <p role="status" className="min-w-0 flex-1 truncate text-muted-foreground" title={next?.says}>
        {next?.says}
      </p>
      <IconButton label="Put the guide away" size="sm" onClick={() => setOpen(false)}>
        <X />
      </IconButton>
    </section>
  );
}

interface StepChipProps {
  readonly step: FirstFlowStep;
  readonly number: number;
  readonly isNext: boolean;
  readonly onPress: () => void;
}

function StepChip({ step, number, isNext, onPress }: StepChipProps) {
  const mark = step.isDone ? <Check aria-hidden className="text-success" strokeWidth={3} /> : `${number}`;
  return (
    <li>
      <Button
        size="sm"
        variant={isNext ? 'primary' : 'ghost'}
        disabled={!isNext}
        aria-label={`${step.title}: ${step.isDone ? 'done' : isNext ? 'next' : 'later'}`}
        className={cn(!isNext && 'text-muted-foreground disabled:opacity-100')}
        onClick={onPress}
      >
        <span className="inline-flex size-4 items-center justify-center text-xs tabular-nums">{mark}</span>
        {step.title}
      </Button>
    </li>
  );
}

/** After the trigger when there is one, else for it. */
function pickerFor(document: FlowDocument, { catalog }: EditorStore) {
  const trigger = document.nodes.find((node) => isTrigger(node, catalog));
  return trigger ? ({ kind: 'add_after', nodeId: trigger.id } as const) : ({ kind: 'add' } as const);
}

function stepToFill({ nodes }: FlowDocument, { catalog }: EditorStore) {
  return nodes.find((node) => !isTrigger(node, catalog) && !usesData(node));
}
