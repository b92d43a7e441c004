import { findPerson } from '#sandbox/people.ts';
import type { Delivery, State, Webhook } from '#sandbox/state/state.ts';
import type { Messages } from '#sandbox/web/contacts-page.ts';
import { html, type Html } from '#sandbox/web/html.ts';
import { page } from '#sandbox/web/page.ts';
import { count, moment } from '#sandbox/web/words.ts';

const MOST_SHOWN = 50;
const STATUS_WORDS = {
  pending: 'On its way',
  delivered: 'Delivered',
  failed: 'Given up',
  dropped: 'Dropped',
};

/** Who is told of events, and what became of each. */
export function webhooksPage({ webhooks, deliveries }: State, messages: Messages): string {
  const latest = [...deliveries.values()].reverse().slice(0, MOST_SHOWN);
  return page({
    ...messages,
    title: 'Webhooks',
    place: '/webhooks',
    body: html`<h1>Webhooks <span class="count">${webhooks.size}</span></h1>
      ${webhooks.size === 0 && nothingYet}
      <ul class="cards">
        ${[...webhooks.values()].map(webhookCard)}
      </ul>
      <div class="head">
        <h2>Deliveries <span class="count">${deliveries.size}</span></h2>
        <a class="button" href="/webhooks">Refresh</a>
      </div>
      ${latest.length === 0 ? html`<p class="empty">Nothing has been sent yet. Add or change a contact.</p>` : table(latest)}`,
  });
}

const nothingYet = html`<p class="empty">
  Nobody listens. In Patchbay, connect Acme and publish a flow that starts with an event of Acme; or call
  <span class="mono">POST /api/v1/webhooks</span>.
</p>`;

function webhookCard({ id, url, events, owner, createdAt, expiresAt }: Webhook): Html {
  const isExpired = Date.parse(expiresAt) <= Date.now();
  return html`<li class="panel">
    <p class="mono long">${url}</p>
    <p>${events.map((event) => html`<span class="chip">${event}</span> `)}</p>
    <p class="quiet">
      Made ${moment(createdAt)} by ${ownerWords(owner)} ·
      ${isExpired ? html`<strong class="bad">expired</strong>` : 'expires'} ${moment(expiresAt)}
    </p>
    <form method="post" action="/webhooks/${id}/delete">
      <button class="danger">Delete<span class="hidden"> the webhook to ${url}</span></button>
    </form>
  </li>`;
}

/** An owner is a client, or a client and the person it acts for. */
function ownerWords(owner: string): string {
  const [clientId = '', personId] = owner.split('/');
  const person = findPerson(personId);
  return person ? `${person.name} through ${clientId}` : clientId;
}

function table(deliveries: readonly Delivery[]): Html {
  return html`<table class="stack">
    <thead>
      <tr>
        <th scope="col">Event</th>
        <th scope="col">State</th>
        <th scope="col">Tries</th>
        <th scope="col">At</th>
        <th scope="col"><span class="hidden">Do</span></th>
      </tr>
    </thead>
    <tbody>
      ${deliveries.map(row)}
    </tbody>
  </table>`;
}

function row({ id, eventId, type, status, attempts, nextAt, createdAt, body }: Delivery): Html {
  return html`<tr>
    <th scope="row">
      <details>
        <summary>${type} <span class="mono quiet">${eventId}</span></summary>
        <pre tabindex="0" aria-label="The body">${pretty(body)}</pre>
      </details>
    </th>
    <td data-label="State"><span class="chip is-${status}">${STATUS_WORDS[status]}</span></td>
    <td data-label="Tries">${tries(attempts, nextAt)}</td>
    <td data-label="At">${moment(createdAt)}</td>
    <td>
      <form method="post" action="/deliveries/${id}/again">
        <button>Send again<span class="hidden"> ${eventId}</span></button>
      </form>
    </td>
  </tr>`;
}

function tries(attempts: Delivery['attempts'], nextAt: string | null): Html {
  const last = attempts.at(-1);
  if (!last) return html`–`;
  return html`${count(attempts.length, 'try').replace(/trys$/, 'tries')}, last: ${last.outcome}
  ${nextAt && html`<br /><span class="quiet">next ${moment(nextAt)}</span>`}`;
}

function pretty(body: string): string {
  return JSON.stringify(JSON.parse(body), null, 2);
}
