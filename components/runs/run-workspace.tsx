'use client';

import dynamic from 'next/dynamic';
import { useMemo, useState } from 'react';

import { Spinner } from '#components/ui/spinner.tsx';
import { useNow } from '#components/ui/use-now.ts';
import type { Run } from '#core/api/runs.ts';

import { nodeStates, stepKey, stepToShow } from './node-states.ts';
import { RunPanel } from './run-panel.tsx';
import { isEnded } from './run-words.ts';
import { layOutWaterfall } from './waterfall-layout.ts';
import { WaterfallView } from './waterfall-view.tsx';

/** React Flow measures the page; there is nothing that a server could draw of it. */
const FlowCanvas = dynamic(async () => (await import('#components/canvas/flow-canvas.tsx')).FlowCanvas, {
  ssr: false,
  loading: () => (
    <div className="flex h-full items-center justify-center text-muted-foreground">
      <Spinner label="Loading the canvas" />
    </div>
  ),
});

/** Canvas, waterfall and the panel of the chosen step: three views of one selection. */
export function RunWorkspace({ run }: { run: Run }) {
  const now = useNow(isEnded(run.status) ? 60_000 : 1_000);
  const states = useMemo(() => nodeStates(run.steps, now), [run.steps, now]);
  const waterfall = useMemo(() => layOutWaterfall(run, now), [run, now]);
  const { selected, select } = useSelectedStep(run);
  const step = run.steps.find((each) => stepKey(each) === selected) ?? null;

  const selectNode = (nodeId: string | null) => {
    const own = run.steps.filter((each) => each.nodeId === nodeId);
    const next = own.find((each) => each.status === 'failed') ?? own[0];
    select(next === undefined ? null : stepKey(next));
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
      <div className="flex min-w-0 flex-col lg:min-h-0 lg:flex-1">
        <section aria-label="Canvas" className="h-72 shrink-0 bg-canvas lg:h-auto lg:min-h-48 lg:flex-1">
          <FlowCanvas
            mode="run"
            document={run.document}
            states={states}
            selectedNodeId={step?.nodeId ?? null}
            onSelect={selectNode}
          />
        </section>
        <WaterfallView waterfall={waterfall} selected={selected} onSelect={select} />
      </div>
      <RunPanel key={selected} run={run} step={step} now={now} />
    </div>
  );
}

/** Opens with the step that people must know of, and stays with it; once somebody has chosen, their choice stays. */
function useSelectedStep(run: Run) {
  const [chosen, setChosen] = useState<string | null | undefined>(undefined);
  const toShow = stepToShow(run.steps, run.error?.nodeId);
  const [shown, setShown] = useState(toShow);
  if (toShow !== null && toShow !== shown) setShown(toShow);
  return { selected: chosen === undefined ? (toShow ?? shown) : chosen, select: setChosen };
}
