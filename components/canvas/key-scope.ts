/** Keys that also work from buttons of the header and the panels. */
const EVERYWHERE: ReadonlySet<string> = new Set([
  'undo',
  'redo',
  'next_region',
  'find',
  'next_fault',
  'last_fault',
]);

/** Keys that a field does not need itself. */
const FROM_FIELDS: ReadonlySet<string> = new Set(['next_region', 'next_fault', 'last_fault']);

/**
 * Whether a key that was pressed is meant for the canvas, or the outline in its place: the focus is there or nowhere in
 * particular, and in no field, list or dialog, which keep their own keys. `buttonKeys` are those that a button there keeps,
 * because they press it or leave it.
 */
export function isKeyFor(
  event: KeyboardEvent,
  id: string,
  { host, buttonKeys }: { host: HTMLElement | null; buttonKeys: ReadonlySet<string> },
): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (event.defaultPrevented || !host || (!FROM_FIELDS.has(id) && isTyping(target))) return false;
  if (target?.closest('[role=dialog], [role=alertdialog], [role=menu], [role=listbox]')) return false;
  // From the page itself Tab must go on leading to its links, so it adds only on the canvas.
  const isOnPage = !target || (target === document.body && id !== 'add');
  if (!isOnPage && !host.contains(target) && !EVERYWHERE.has(id)) return false;
  return !(target?.closest('button, a[href]') && buttonKeys.has(id));
}

/** True for elements that take text, where letters and Ctrl+Z belong to the text. */
export function isTyping(element: Element | null): boolean {
  return element?.closest('input, textarea, select, [contenteditable=true], .cm-editor') != null;
}
