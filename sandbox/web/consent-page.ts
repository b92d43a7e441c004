import type { Person } from '#sandbox/people.ts';
import { mayGrant, type Scope } from '#sandbox/scopes.ts';
import { avatar } from '#sandbox/web/avatar.ts';
import { html, type Html } from '#sandbox/web/html.ts';
import { card } from '#sandbox/web/page.ts';

/** What may the app do? Each permission can be taken away before it is allowed. */
export function consentPage(asked: {
  readonly clientName: string;
  readonly returnsTo: string;
  readonly scopes: readonly Scope[];
  readonly person: Person;
  /** The same request as somebody else. */
  readonly startAgain: string;
}): string {
  const { clientName, returnsTo, scopes, person, startAgain } = asked;
  return card(
    `Connect ${clientName}`,
    html`<h1>${clientName} wants to connect</h1>
      <p class="as">
        ${avatar(person)}
        <span class="who"><strong>${person.name}</strong><span class="quiet">${person.role}</span></span>
        <a href="${startAgain}">Somebody else?</a>
      </p>
      <form method="post">
        <fieldset class="scopes">
          <legend>It will be able to</legend>
          ${scopes.map((scope) => scopeRow(scope, person))}
        </fieldset>
        <p class="quiet">Untick what it should not do. You can take all of it back under Apps.</p>
        <div class="choice">
          <button class="primary" name="decision" value="allow">Allow</button>
          <button name="decision" value="deny">Deny</button>
        </div>
      </form>
      <p class="quiet">Either way you go back to <span class="mono">${returnsTo}</span>.</p>`,
  );
}

function scopeRow(scope: Scope, person: Person): Html {
  const isAllowed = mayGrant(person, scope);
  return html`<label class="scope ${isAllowed || 'off'}">
    <input type="checkbox" name="scope" value="${scope.name}" ${isAllowed ? CHECKED : DISABLED} />
    <span class="who">
      <strong>${scope.words}</strong>
      <span class="quiet"
        ><span class="mono">${scope.name}</span>${isAllowed || ` · ${person.name} may not allow this`}</span
      >
    </span>
  </label>`;
}

const CHECKED = html`checked`;
const DISABLED = html`disabled`;
