/** How long the view takes to move, in milliseconds. */
export const ZOOM_MS = 180;

/** The whole flow in sight, with a margin, and never larger than life. */
export const FIT_VIEW = { padding: '48px', maxZoom: 1 } as const;
