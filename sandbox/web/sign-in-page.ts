import { PEOPLE } from '#sandbox/people.ts';
import { avatar } from '#sandbox/web/avatar.ts';
import { html } from '#sandbox/web/html.ts';
import { card } from '#sandbox/web/page.ts';

/** Who is it? One click, no password. */
export function signInPage(asked: { readonly clientName: string; readonly returnsTo: string }): string {
  return card(
    'Sign in',
    html`<h1>Who are you?</h1>
      <p>
        <strong>${asked.clientName}</strong> (<span class="mono">${asked.returnsTo}</span>) wants to connect
        to Acme. Choose whose account it is.
      </p>
      <form method="post" class="people">
        ${PEOPLE.map(
          (person) =>
            html`<button class="person" name="person" value="${person.id}">
              ${avatar(person)}
              <span class="who"
                ><strong>${person.name}</strong><span class="quiet">${person.role}</span></span
              >
              <span class="go" aria-hidden="true">→</span>
            </button>`,
        )}
      </form>`,
  );
}
