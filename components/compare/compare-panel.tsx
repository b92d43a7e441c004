'use client';

import { useState } from 'react';

import { DetailSection } from '#components/runs/detail-section.tsx';
import { useStepWords } from '#components/runs/step-looks.tsx';
import { Tab, TabPanel, Tabs, TabsList } from '#components/ui/tabs.tsx';
import type { ChangesReply, ComparedStepReply, RunComparisonReply } from '#core/api/compare-runs.ts';

import { ChangeList } from './change-list.tsx';
import { counted, stepName } from './compare-words.ts';
import { OutcomeTable } from './outcome-table.tsx';

type PanelTab = 'step' | 'trigger' | 'result';

export interface ComparePanelProps {
  readonly comparison: RunComparisonReply;
  /** The chosen step. */
  readonly step: ComparedStepReply | null;
}

/** Beside the canvas: what differs in the chosen step, in the events that began the runs, and in what came of them. */
export function ComparePanel({ comparison, step }: ComparePanelProps) {
  const [tab, setTab] = useState<PanelTab>(step === null ? 'trigger' : 'step');
  const { trigger, output } = comparison;
  return (
    <aside
      aria-label="Differences"
      className="flex min-w-0 shrink-0 flex-col border-t border-border bg-surface lg:min-h-0 lg:w-100 lg:border-t-0 lg:border-l xl:w-120"
    >
      <Tabs value={tab} onValueChange={(value: PanelTab) => setTab(value)} className="min-h-0 flex-1">
        <TabsList className="px-4">
          <Tab value="step" disabled={step === null}>
            Step
          </Tab>
          <Tab value="trigger">
            Event <Total changes={trigger} />
          </Tab>
          <Tab value="result">
            Result <Total changes={output} />
          </Tab>
        </TabsList>
        <TabPanel value="step" className="overflow-y-auto">
          {step !== null && <StepChanges comparison={comparison} step={step} />}
        </TabPanel>
        <TabPanel value="trigger" className="overflow-y-auto p-4">
          <ChangeList changes={eventFirst(trigger)} label="event" />
        </TabPanel>
        <TabPanel value="result" className="overflow-y-auto p-4">
          <ChangeList changes={output} label="result" />
        </TabPanel>
      </Tabs>
    </aside>
  );
}

function Total({ changes }: { changes: ChangesReply }) {
  if (changes.total === 0) return null;
  return <span className="text-xs font-normal text-muted-foreground tabular-nums">{changes.total}</span>;
}

function StepChanges({ comparison, step }: { comparison: RunComparisonReply; step: ComparedStepReply }) {
  const { settings, input, output } = step;
  const { labelOf } = useStepWords();
  return (
    <>
      <div className="px-4 py-3">
        <h2 className="truncate text-base font-semibold tracking-tight">
          {stepName(step, comparison, labelOf)}
        </h2>
        <p className="mt-0.5 font-mono text-xs text-muted-foreground">steps.{step.nodeId}</p>
      </div>
      <OutcomeTable step={step} />
      {settings.total > 0 && (
        <DetailSection title="Settings of the node" aside={counted(settings.total, 'change')}>
          <ChangeList changes={settings} label="settings" />
        </DetailSection>
      )}
      {step.before !== null && step.after !== null && (
        <>
          <DetailSection title="Input" aside={asideOf(input)}>
            <ChangeList changes={input} label="input" />
          </DetailSection>
          <DetailSection title="Output" aside={asideOf(output)}>
            <ChangeList changes={output} label="output" />
          </DetailSection>
        </>
      )}
    </>
  );
}

function asideOf({ total }: ChangesReply): string {
  return total === 0 ? 'the same' : counted(total, 'change');
}

/** What an event carries before what came along with it: headers and the time differ almost always. */
function eventFirst(changes: ChangesReply): ChangesReply {
  const isAround = ({ from, to }: ChangesReply['shown'][number]) =>
    /^\/(headers|receivedAt)\b/.test(from ?? to ?? '');
  return {
    ...changes,
    shown: [...changes.shown.filter((each) => !isAround(each)), ...changes.shown.filter(isAround)],
  };
}
