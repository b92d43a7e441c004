'use client';

import { useStore, ViewportPortal } from '@xyflow/react';

import { useEditor } from './editor-context.tsx';
import type { SnapLine } from './snap-lines.ts';

/** The lines along which what is being dragged stands with its neighbours. */
export function SnapLines() {
  const lines = useEditor((state) => state.snapLines);
  if (lines.length === 0) return null;
  return (
    <ViewportPortal>
      {lines.map((line) => (
        <Line key={`${line.axis} ${line.at}`} line={line} />
      ))}
    </ViewportPortal>
  );
}

/** One pixel wide, however near the canvas is. */
function Line({ line: { axis, at, from, to } }: { line: SnapLine }) {
  const pixel = useStore((state) => 1 / state.transform[2]);
  const style =
    axis === 'x'
      ? { left: at - pixel / 2, top: from, width: pixel, height: to - from }
      : { left: from, top: at - pixel / 2, width: to - from, height: pixel };
  return <div aria-hidden className="snap-line" data-testid={`snap-line-${axis}`} style={style} />;
}
