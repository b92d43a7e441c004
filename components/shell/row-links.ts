/** Marks the link of a row, which `j` and `k` walk over: `<Link {...rowLink}>`. */
export const rowLink = { 'data-row-link': true } as const;

/** Gives the focus to the link of the next row of the page, or of the one before; to the first when none has it. */
export function moveRowFocus(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('#content a[data-row-link]')];
  const current = links.findIndex((link) => link === document.activeElement);
  const next = current === -1 ? 0 : Math.min(links.length - 1, Math.max(0, current + by));
  links[next]?.focus();
  links[next]?.scrollIntoView({ block: 'nearest' });
}
