import { html, type Html } from '#sandbox/web/html.ts';

const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const MONEY = new Intl.NumberFormat('en-GB', {
  style: 'currency',
  currency: 'EUR',
  trailingZeroDisplay: 'stripIfInteger',
});

/** A moment in the time zone of this machine, which is the reader's. */
export function moment(iso: string): Html {
  return html`<time datetime="${iso}">${MOMENT.format(new Date(iso))}</time>`;
}

export function money(euros: number): string {
  return MONEY.format(euros);
}

/** `1 contact`, `2 contacts`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
