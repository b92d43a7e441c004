'use client';

import { useMemo, useState } from 'react';

import { useIterationSteps, useLoops, type IterationPlace } from '#components/api/loops.ts';
import type { Loops } from '#core/api/loops.ts';
import type { Run, Step } from '#core/api/runs.ts';
import { nodesWithin } from '#core/loop-body.ts';

import { stepKey, stepToShow } from './node-states.ts';
import { linkedStep, placeOf } from './step-link.ts';
import { useStepPlace } from './use-step-place.ts';
import { unfoldSteps } from './unfold-steps.ts';

/**
 * What of a run is shown: the iteration looked into, the steps with those of it, and the step that is chosen. The address names
 * that step, so that a link leads to it.
 */
export function useRunView(run: Run) {
  const [place, setPlace] = useStepPlace();
  const linked = place.node === null ? undefined : linkedStep(run.document, place.node, place.key);
  const [iteration, setIteration] = useState(linked?.iteration ?? null);
  const [chosen, setChosen] = useState<string | null | undefined>(linked?.step);
  const hasLoops = run.document.nodes.some(({ parent }) => parent !== undefined);
  const outer = useLoops(run.id, null, hasLoops);
  const inner = useLoops(run.id, iteration, iteration !== null);
  const inIteration = useIterationSteps(run.id, iteration);
  const steps = useMemo(
    () => unfoldSteps(run.document, run.steps, inIteration.data ?? []),
    [run.document, run.steps, inIteration.data],
  );
  const counts = useMemo(
    () => mergeCounts(run, outer.data, iteration === null ? undefined : inner.data, iteration),
    [run, outer.data, inner.data, iteration],
  );

  const toShow = iteration === null ? stepToShow(run.steps, run.error?.nodeId) : stepOf(steps, iteration);
  const [shown, setShown] = useState(toShow);
  // It stays with the step that it opened with, so that a step tried again does not come and go.
  if (toShow !== null && toShow !== shown) setShown(toShow);
  const selected = chosen === undefined ? (toShow ?? shown) : chosen;
  return {
    steps,
    counts,
    iteration,
    isLoadingIteration: inIteration.isFetching && inIteration.data === undefined,
    selected,
    step: steps.find((each) => stepKey(each) === selected) ?? null,
    /** True where somebody chose the step, here or by the link that led here. */
    isChosen: chosen !== undefined && chosen !== null,
    select: (key: string | null) => {
      setChosen(key);
      void setPlace(key === null ? null : placeOf(key));
    },
    /** Null folds the loops again and goes back to the loop. */
    lookInto: (next: IterationPlace | null) => {
      setChosen(next === null && iteration !== null ? loopStepOf(iteration) : undefined);
      setIteration(next);
      void setPlace(null);
    },
  };
}

export type RunView = ReturnType<typeof useRunView>;

/** The step of an iteration that people must know of, else its first. */
function stepOf(steps: readonly Step[], { key }: IterationPlace): string | null {
  const own = steps.filter((step) => step.key === key);
  const first = own[0];
  return stepToShow(own, undefined) ?? (first === undefined ? null : stepKey(first));
}

function loopStepOf({ loopId, key }: IterationPlace): string {
  return stepKey({ nodeId: loopId, key: key.split('.').slice(0, -1).join('.') });
}

/** Inside of a loop that is looked into, only what belongs to the chosen iteration counts. */
function mergeCounts(
  { document }: Run,
  outer: Loops | undefined,
  inner: Loops | undefined,
  iteration: IterationPlace | null,
): Loops | undefined {
  if (outer === undefined || iteration === null) return outer;
  const parents = new Map(document.nodes.map(({ id, parent }) => [id, parent]));
  let outermost = iteration.loopId;
  for (let parent = parents.get(outermost); parent !== undefined; parent = parents.get(parent))
    outermost = parent;
  const hidden = new Set(nodesWithin(document, outermost).map(({ id }) => id));
  return {
    loops: [...outer.loops, ...(inner?.loops ?? [])],
    nodes: [...outer.nodes.filter(({ nodeId }) => !hidden.has(nodeId)), ...(inner?.nodes ?? [])],
  };
}
