import type { LoggedCall } from '#sandbox/api/call-log.ts';
import type { KeptReply, State, Trouble } from '#sandbox/state/state.ts';
import type { Messages } from '#sandbox/web/contacts-page.ts';
import { html, type Html } from '#sandbox/web/html.ts';
import { page } from '#sandbox/web/page.ts';
import { moment } from '#sandbox/web/words.ts';

const MOST_KEYS = 30;

interface TroubleWords {
  readonly kind: Trouble;
  readonly name: string;
  readonly words: string;
  /** For the line on every page, while it lasts. */
  readonly line: string | undefined;
}

/** What each trouble is, in the order of the page. */
export const TROUBLE_WORDS: readonly TroubleWords[] = [
  { kind: 'well', name: 'All is well', words: 'The API does what it should.', line: undefined },
  {
    kind: 'deals_503',
    name: 'The deals API answers 503',
    words: 'As if it were down. Patchbay tries again, with growing pauses.',
    line: 'Trouble is on: the deals API answers 503.',
  },
  {
    kind: 'deals_422',
    name: 'The deals API rejects with 422',
    words: 'New deals and changes are refused. Trying again would not help: a person has to look.',
    line: 'Trouble is on: the deals API rejects what it gets with 422.',
  },
  {
    kind: 'slow',
    name: 'Slow answers',
    words: 'Everything works, and every call takes a while.',
    line: 'Trouble is on: the API answers slowly.',
  },
];

/** Where one makes Acme misbehave, and sees what its callers do. */
export function troublePage(state: State, calls: readonly LoggedCall[], messages: Messages): string {
  const keys = [...state.replies.values()].reverse().slice(0, MOST_KEYS);
  return page({
    ...messages,
    title: 'Trouble',
    place: '/trouble',
    body: html`<h1>Trouble</h1>
      <p class="lead">Make Acme misbehave, and see what Patchbay does about it.</p>
      <form method="post" action="/trouble" class="panel">
        <fieldset class="troubles">
          <legend>How the API behaves</legend>
          ${TROUBLE_WORDS.map((trouble) => option(trouble, state.trouble))}
        </fieldset>
        <button class="primary">Make it so</button>
      </form>
      <div class="actions">
        ${action({
          path: '/trouble/expire',
          button: 'Expire all access tokens now',
          words: 'The next call gets 401. Apps that stay connected get a new token by themselves.',
        })}
        ${action({
          path: '/trouble/reset',
          button: 'Put the sample data back',
          words: 'Contacts, deals, deliveries and keys begin anew. Connections and webhooks stay.',
        })}
      </div>
      <div class="head">
        <h2>What arrived</h2>
        <a class="button" href="/trouble">Refresh</a>
      </div>
      ${calls.length === 0 ? html`<p class="empty">No call of the API since Acme started.</p>` : callTable(calls)}
      <h2>Idempotency keys <span class="count">${state.replies.size}</span></h2>
      ${
        keys.length === 0
          ? html`<p class="empty">
              No POST with an Idempotency-Key yet. Patchbay sends one with each change.
            </p>`
          : keyTable(keys)
      }`,
  });
}

function option({ kind, name, words }: TroubleWords, present: Trouble): Html {
  return html`<label class="option">
    <input type="radio" name="trouble" value="${kind}" ${kind === present && html`checked`} />
    <span class="who"><strong>${name}</strong><span class="quiet">${words}</span></span>
  </label>`;
}

function action(options: { readonly path: string; readonly button: string; readonly words: string }): Html {
  return html`<form method="post" action="${options.path}" class="panel">
    <p>${options.words}</p>
    <button>${options.button}</button>
  </form>`;
}

function callTable(calls: readonly LoggedCall[]): Html {
  return html`<table class="stack">
    <thead>
      <tr>
        <th scope="col">Call</th>
        <th scope="col">Answer</th>
        <th scope="col">Caller</th>
        <th scope="col">Idempotency key</th>
        <th scope="col">At</th>
      </tr>
    </thead>
    <tbody>
      ${calls.map(
        ({ at, method, path, status, caller, idempotencyKey, isRepeated }) =>
          html`<tr>
            <th scope="row" class="mono long">${method} ${path}</th>
            <td data-label="Answer">
              <span class="chip ${status < 400 ? 'is-delivered' : 'is-failed'}">${status}</span>
            </td>
            <td data-label="Caller">${caller ?? '–'}</td>
            <td data-label="Key">
              <span class="mono long">${idempotencyKey ?? '–'}</span>${isRepeated && ' again'}
            </td>
            <td data-label="At">${moment(at)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function keyTable(keys: readonly KeptReply[]): Html {
  return html`<table class="stack">
    <thead>
      <tr>
        <th scope="col">Key</th>
        <th scope="col">Request</th>
        <th scope="col">Repeated</th>
        <th scope="col">First at</th>
      </tr>
    </thead>
    <tbody>
      ${keys.map(
        ({ key, method, path, repeats, at }) =>
          html`<tr>
            <th scope="row" class="mono long">${key}</th>
            <td data-label="Request" class="mono">${method} ${path}</td>
            <td data-label="Repeated"><span data-repeats="${key}">${repeats}</span> times</td>
            <td data-label="First at">${moment(at)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
