'use client';

import { useReactFlow, useStoreApi } from '@xyflow/react';
import { useCallback } from 'react';

import type { Box } from './node-place.ts';
import { zoomMs } from './view-moves.ts';

/** Pans the canvas to a place of it, in flow units, when that is not in sight as a whole. */
export function usePanTo(): (box: Box) => void {
  const { setCenter, getZoom } = useReactFlow();
  const flowStore = useStoreApi();
  return useCallback(
    (box) => {
      const { width, height, transform } = flowStore.getState();
      const [x, y, zoom] = transform;
      const [left, top] = [box.x * zoom + x, box.y * zoom + y];
      const [right, bottom] = [left + box.width * zoom, top + box.height * zoom];
      if (left >= 0 && top >= 0 && right <= width && bottom <= height) return;
      const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      void setCenter(centre.x, centre.y, { zoom: getZoom(), duration: zoomMs() });
    },
    [setCenter, getZoom, flowStore],
  );
}
