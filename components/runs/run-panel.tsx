'use client';

import { useEffect, useRef, useState } from 'react';

import { Tab, TabPanel, Tabs, TabsList } from '#components/ui/tabs.tsx';
import type { Run } from '#core/api/runs.ts';

import { IterationBar } from './iteration-bar.tsx';
import { ResultDetails } from './result-details.tsx';
import { StepDetails } from './step-details.tsx';
import { TriggerDetails } from './trigger-details.tsx';
import type { RunView } from './use-run-view.ts';

/** From this width on the panel stands beside the canvas (`lg`). */
const BESIDE = '(min-width: 64rem)';

type PanelTab = 'step' | 'trigger' | 'result';

/** Beside the canvas: the chosen step, the event that began the run, and what came of it. */
export function RunPanel({ run, view, now }: { run: Run; view: RunView; now: number }) {
  const { step, iteration } = view;
  const [tab, setTab] = useState<PanelTab>(step === null && iteration === null ? 'trigger' : 'step');
  const panel = useRef<HTMLElement>(null);
  const { isChosen } = view;
  useEffect(() => {
    // Where the panel stands below everything else, a choice further up would show nothing.
    if (isChosen && !window.matchMedia(BESIDE).matches) panel.current?.scrollIntoView({ block: 'start' });
  }, [isChosen]);
  return (
    <aside
      ref={panel}
      aria-label="Details"
      className="flex min-w-0 shrink-0 scroll-mt-32 flex-col border-t border-border bg-surface lg:min-h-0 lg:w-100 lg:border-t-0 lg:border-l xl:w-115"
    >
      <Tabs value={tab} onValueChange={(value: PanelTab) => setTab(value)} className="min-h-0 flex-1">
        <TabsList className="px-4">
          <Tab value="step" disabled={step === null && iteration === null}>
            Step
          </Tab>
          <Tab value="trigger">Event</Tab>
          <Tab value="result">Result</Tab>
        </TabsList>
        <TabPanel value="step" className="overflow-y-auto">
          {iteration !== null && (step === null || step.key === iteration.key) && (
            <IterationBar
              document={run.document}
              place={iteration}
              loop={view.counts?.loops.find(({ nodeId }) => nodeId === iteration.loopId)}
              onGo={view.lookInto}
            />
          )}
          {step !== null && <StepDetails run={run} step={step} view={view} now={now} />}
          {step === null && iteration !== null && (
            <p className="px-4 py-6 text-center text-sm text-muted-foreground">
              {view.isLoadingIteration ? 'Loading the item …' : 'This item has not begun.'}
            </p>
          )}
        </TabPanel>
        <TabPanel value="trigger" className="overflow-y-auto">
          <TriggerDetails run={run} />
        </TabPanel>
        <TabPanel value="result" className="overflow-y-auto">
          <ResultDetails run={run} />
        </TabPanel>
      </Tabs>
    </aside>
  );
}
