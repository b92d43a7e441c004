/** Parts of the editor carry `data-region`, in the order in which F6 goes through them. */
const REGIONS = ['canvas', 'inspector', 'header', 'palette'];
const FOCUSABLE =
  'input, textarea, select, button:not([tabindex="-1"]), a[href], [tabindex="0"], [contenteditable=true]';

/** Puts focus into the next part of the editor that is on screen. */
export function focusNextRegion(): void {
  const shown = REGIONS.flatMap((name) => {
    const element = document.querySelector<HTMLElement>(`[data-region="${name}"]`);
    return element && element.offsetParent !== null ? [element] : [];
  });
  const current = shown.findIndex((region) => region.contains(document.activeElement));
  const next = shown[(current + 1) % shown.length];
  if (next) focusFirst(next);
}

/** Focuses the canvas, or the outline in its place: the node that the keyboard is at, or the empty canvas. */
export function focusCanvas(): void {
  const canvas = document.querySelector<HTMLElement>('[data-region="canvas"]');
  if (canvas) focusFirst(canvas);
}

function focusFirst(region: HTMLElement): void {
  const node = region.querySelector<HTMLElement>(':is(.react-flow__node, [role="treeitem"])[tabindex="0"]');
  // A region that can take focus itself does so before a button in it: focus on a button opens its tooltip.
  const own = region.hasAttribute('tabindex') ? region : null;
  const shown = [...region.querySelectorAll<HTMLElement>(FOCUSABLE)].find(
    (element) => element.offsetParent !== null,
  );
  (node ?? own ?? shown)?.focus();
}
