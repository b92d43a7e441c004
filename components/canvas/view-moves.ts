const ZOOM_MS = 180;

/** How long the view takes to move, in milliseconds: no time for people who asked for less motion. */
export function zoomMs(): number {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : ZOOM_MS;
}

/** The whole flow in sight, with a margin, and never larger than life. */
export const FIT_VIEW = { padding: '48px', maxZoom: 1 } as const;
