'use client';

import { useMemo } from 'react';

import { LazyRunCanvas } from '#components/canvas/lazy-run-canvas.tsx';
import { useNow } from '#components/ui/use-now.ts';
import type { Run, Step } from '#core/api/runs.ts';

import { nodeStates, stepKey } from './node-states.ts';
import { RunPanel } from './run-panel.tsx';
import { isEnded } from './run-words.ts';
import { useStepWords } from './step-looks.tsx';
import { useRunView } from './use-run-view.ts';
import { layOutWaterfall } from './waterfall-layout.ts';
import { WaterfallView } from './waterfall-view.tsx';

/** Canvas, waterfall and the panel of the chosen step: three views of one selection. */
export function RunWorkspace({ run }: { run: Run }) {
  const { labelOf } = useStepWords();
  const now = useNow(isEnded(run.status) ? 60_000 : 1_000);
  const view = useRunView(run);
  const { steps, counts, step, selected, select } = view;
  const states = useMemo(() => nodeStates(steps, now, counts), [steps, now, counts]);
  const waterfall = useMemo(
    () => layOutWaterfall({ ...run, steps }, now, labelOf),
    [run, steps, now, labelOf],
  );

  const selectNode = (nodeId: string | null) => {
    const next = nodeId === null ? undefined : stepOfNode(run, steps, nodeId);
    select(next === undefined ? null : stepKey(next));
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
      <div className="flex min-w-0 flex-col lg:min-h-0 lg:flex-1">
        <section aria-label="Canvas" className="h-72 shrink-0 bg-canvas lg:h-auto lg:min-h-48 lg:flex-1">
          <LazyRunCanvas
            document={run.document}
            states={states}
            selectedNodeId={step?.nodeId ?? null}
            onSelect={selectNode}
          />
        </section>
        <WaterfallView waterfall={waterfall} selected={selected} onSelect={select} />
      </div>
      <RunPanel key={selected} run={run} view={view} now={now} />
    </div>
  );
}

/** The step of a node; of one inside a loop that nobody looks into yet, that of the loop, where its items are listed. */
function stepOfNode(run: Run, steps: readonly Step[], nodeId: string): Step | undefined {
  const own = steps.filter((each) => each.nodeId === nodeId);
  const found = own.find((each) => each.status === 'failed') ?? own[0];
  const parent = run.document.nodes.find(({ id }) => id === nodeId)?.parent;
  return found ?? (parent === undefined ? undefined : stepOfNode(run, steps, parent));
}
