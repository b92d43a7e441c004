import type { Person } from '#sandbox/people.ts';
import { html, type Html } from '#sandbox/web/html.ts';

/** A person's initials in a circle of their own colour (`.avatar-ada` in the style sheet). */
export function avatar({ id, name }: Person): Html {
  const initials = name
    .split(' ')
    .map((part) => part[0])
    .join('');
  return html`<span class="avatar avatar-${id}" aria-hidden="true">${initials}</span>`;
}
