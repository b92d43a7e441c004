'use client';

import { useMemo, useState } from 'react';

import { LazyRunCanvas } from '#components/canvas/lazy-run-canvas.tsx';
import { stepKey } from '#components/runs/node-states.ts';
import type { RunComparisonReply } from '#core/api/compare-runs.ts';

import { ComparePanel } from './compare-panel.tsx';
import { CompareSteps } from './compare-steps.tsx';
import { compareStates } from './compare-states.ts';
import { Verdict } from './verdict.tsx';

/** Canvas, list of steps and the panel of the chosen one: three views of one selection. It begins where the runs part. */
export function CompareWorkspace({ comparison }: { comparison: RunComparisonReply }) {
  const { parting, first, steps, document } = comparison;
  const start = parting ?? first;
  const [selected, setSelected] = useState(start === null ? null : stepKey(start));
  const states = useMemo(() => compareStates(comparison), [comparison]);
  const step = steps.find((each) => stepKey(each) === selected) ?? null;
  const selectNode = (nodeId: string | null) => {
    const own = steps.filter((each) => each.nodeId === nodeId);
    const next = own.find(({ differs }) => differs.length > 0) ?? own[0];
    setSelected(next === undefined ? null : stepKey(next));
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
      <div className="flex min-w-0 flex-col lg:min-h-0 lg:flex-1">
        <Verdict comparison={comparison} onSelect={setSelected} />
        <section aria-label="Canvas" className="h-72 shrink-0 bg-canvas lg:h-auto lg:min-h-48 lg:flex-1">
          <LazyRunCanvas
            document={document}
            states={states}
            selectedNodeId={step?.nodeId ?? null}
            onSelect={selectNode}
          />
        </section>
        <CompareSteps comparison={comparison} selected={selected} onSelect={setSelected} />
      </div>
      <ComparePanel key={selected} comparison={comparison} step={step} />
    </div>
  );
}
