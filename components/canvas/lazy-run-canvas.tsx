'use client';

import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';

import { PageProblem } from '#components/shell/page-problem.tsx';
import { loadOnce } from '#components/ui/load-once.ts';
import { Spinner } from '#components/ui/spinner.tsx';

import type { RunCanvasProps } from './run-canvas.tsx';

const canvas = loadOnce(() => import('./run-canvas.tsx'));

/** Loads it ahead, so that it is there as soon as there is something to draw on it. */
export const loadRunCanvas = canvas.load;

/** The canvas of a run, loaded after the page around it: React Flow measures the page, there is nothing that a server could draw of it. */
export function LazyRunCanvas(props: RunCanvasProps) {
  const loaded = useSyncExternalStore(canvas.listen, canvas.get, () => undefined);
  const { isMissing, load } = useCanvas();
  if (loaded !== undefined) return <loaded.RunCanvas {...props} />;
  return (
    <div className="flex h-full items-center justify-center text-muted-foreground">
      {isMissing ? (
        <PageProblem
          title="The canvas could not be loaded"
          message="It comes once there is a network again."
          onRetry={load}
        />
      ) : (
        <Spinner label="Loading the canvas" />
      )}
    </div>
  );
}

function useCanvas() {
  const [isMissing, setMissing] = useState(false);
  const load = useCallback(() => {
    setMissing(false);
    void canvas.load().then((isThere) => setMissing(!isThere));
  }, []);
  useEffect(() => {
    void canvas.load().then((isThere) => setMissing(!isThere));
  }, []);
  return { isMissing, load };
}
