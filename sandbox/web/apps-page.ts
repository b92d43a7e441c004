import { listGrants, type Grant } from '#sandbox/oauth/grants.ts';
import { findPerson } from '#sandbox/people.ts';
import { MACHINE_SCOPES } from '#sandbox/scopes.ts';
import type { EndedGrant, State } from '#sandbox/state/state.ts';
import { avatar } from '#sandbox/web/avatar.ts';
import type { Messages } from '#sandbox/web/contacts-page.ts';
import { html, type Html } from '#sandbox/web/html.ts';
import { page } from '#sandbox/web/page.ts';
import { moment } from '#sandbox/web/words.ts';

export interface AppsPageOptions {
  readonly clientNames: ReadonlyMap<string, string>;
  readonly machineClientId: string;
  readonly tokenUrl: string;
}

/** Who allowed what to which app, and the way to take it back. */
export function appsPage(state: State, options: AppsPageOptions, messages: Messages): string {
  const grants = listGrants(state);
  return page({
    ...messages,
    title: 'Connected apps',
    place: '/apps',
    body: html`<h1>Connected apps <span class="count">${grants.length}</span></h1>
      ${grants.length === 0 && nothingYet}
      <ul class="cards">
        ${grants.map((grant) => grantCard(grant, options.clientNames))}
      </ul>
      ${state.ended.length > 0 && endedList(state.ended, options.clientNames)}
      <h2>For machines</h2>
      ${machineCard(state, options)}`,
  });
}

const nothingYet = html`<p class="empty">
  No app is connected. In Patchbay, open Connections, choose Acme and connect it; then it stands here.
</p>`;

function grantCard(grant: Grant, clientNames: AppsPageOptions['clientNames']): Html {
  const person = findPerson(grant.personId);
  const client = clientNames.get(grant.clientId) ?? grant.clientId;
  return html`<li class="panel">
    <div class="as">
      ${person && avatar(person)}
      <span class="who">
        <strong>${client}</strong>
        <span class="quiet">for ${person?.name ?? grant.personId}, ${person?.role}</span>
      </span>
    </div>
    <p>${grant.scopes.map((scope) => html`<span class="chip">${scope}</span> `)}</p>
    <p class="quiet">
      Allowed ${moment(grant.grantedAt)} ·
      ${grant.lastUsedAt ? html`last used ${moment(grant.lastUsedAt)}` : 'not used yet'} ·
      ${grant.isLasting ? 'stays connected' : 'until its access token expires'}
    </p>
    <form method="post" action="/apps/${grant.id}/revoke">
      <button class="danger">Revoke<span class="hidden"> ${client} for ${person?.name}</span></button>
    </form>
  </li>`;
}

function endedList(ended: readonly EndedGrant[], clientNames: AppsPageOptions['clientNames']): Html {
  return html`<h2>Ended</h2>
    <ul class="plain">
      ${ended.toReversed().map(({ personId, clientId, at, why }) => {
        const client = clientNames.get(clientId) ?? clientId;
        return html`<li>
          ${client} for ${findPerson(personId)?.name ?? personId}: ${why}
          <span class="quiet">${moment(at)}</span>
        </li>`;
      })}
    </ul>`;
}

function machineCard(state: State, { machineClientId, tokenUrl }: AppsPageOptions): Html {
  const lastUsedAt = state.lastUsed.get(`client:${machineClientId}`);
  return html`<section class="panel">
    <p>A program can call Acme for itself, without a person: with the grant <em>client credentials</em>.</p>
    <dl>
      <dt>Token URL</dt>
      <dd class="mono long">${tokenUrl}</dd>
      <dt>Client id</dt>
      <dd class="mono">${machineClientId}</dd>
      <dt>Client secret</dt>
      <dd>
        <details>
          <summary>Show it</summary>
          <span class="mono long">${state.machineSecret}</span>
        </details>
      </dd>
      <dt>Scopes</dt>
      <dd>${MACHINE_SCOPES.map((scope) => html`<span class="chip">${scope}</span> `)}</dd>
    </dl>
    <p class="quiet">${lastUsedAt ? html`Last used ${moment(lastUsedAt)}` : 'Not used yet'}</p>
    <form method="post" action="/apps/machine/revoke">
      <button class="danger">End its access tokens</button>
    </form>
  </section>`;
}
