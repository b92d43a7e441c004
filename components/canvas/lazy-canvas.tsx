'use client';

import dynamic from 'next/dynamic';

import { Spinner } from '#components/ui/spinner.tsx';

/** The canvas, loaded when it is shown: React Flow measures the page, there is nothing that a server could draw of it. */
export const LazyCanvas = dynamic(async () => (await import('./flow-canvas.tsx')).FlowCanvas, {
  ssr: false,
  loading: () => (
    <div className="flex h-full items-center justify-center text-muted-foreground">
      <Spinner label="Loading the canvas" />
    </div>
  ),
});
