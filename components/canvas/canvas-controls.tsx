'use client';

import { Panel, useReactFlow, useStore } from '@xyflow/react';
import { Maximize, Minus, Plus } from 'lucide-react';
import type { ReactNode } from 'react';

import { IconButton } from '#components/ui/icon-button.tsx';
import { Button } from '#components/ui/button.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';

import { FIT_VIEW, zoomMs } from './view-moves.ts';

/** Zoom, fit and what the mode adds, at the lower left. */
export function CanvasControls({ children }: { children?: ReactNode }) {
  const { zoomIn, zoomOut, fitView } = useReactFlow();
  return (
    <Panel
      position="bottom-left"
      className="flex items-center gap-0.5 rounded-lg border border-border bg-surface p-0.5 shadow-xs"
    >
      <IconButton
        size="sm"
        label="Zoom out"
        keys={['−']}
        tooltipSide="top"
        onClick={() => void zoomOut({ duration: zoomMs() })}
      >
        <Minus />
      </IconButton>
      <ZoomPercent />
      <IconButton
        size="sm"
        label="Zoom in"
        keys={['+']}
        tooltipSide="top"
        onClick={() => void zoomIn({ duration: zoomMs() })}
      >
        <Plus />
      </IconButton>
      <IconButton
        size="sm"
        label="Show all of the flow"
        keys={['1']}
        tooltipSide="top"
        onClick={() => void fitView({ ...FIT_VIEW, duration: zoomMs() })}
      >
        <Maximize />
      </IconButton>
      {children}
    </Panel>
  );
}

/** By itself, since it is drawn anew with every step of the zoom. */
function ZoomPercent() {
  const { zoomTo } = useReactFlow();
  const percent = useStore((state) => Math.round(state.transform[2] * 100));
  return (
    <Tooltip label="Zoom to 100 %" keys={['0']} side="top">
      <Button
        size="sm"
        variant="ghost"
        className="w-12 px-0 tabular-nums"
        aria-label={`Zoom ${percent} %, set to 100 %`}
        onClick={() => void zoomTo(1, { duration: zoomMs() })}
      >
        {percent} %
      </Button>
    </Tooltip>
  );
}
