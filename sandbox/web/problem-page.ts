import { html } from '#sandbox/web/html.ts';
import { card } from '#sandbox/web/page.ts';

/** For what cannot be answered otherwise. */
export function problemPage(message: string): string {
  return card(
    'That did not work',
    html`<h1>That did not work</h1>
      <p>${message}</p>
      <p><a href="/contacts">To Acme</a></p>`,
  );
}
