import { PIPELINES, type Pipeline, type Stage } from '#sandbox/crm/pipelines.ts';
import type { Contact, Deal } from '#sandbox/crm/schemas.ts';
import type { Messages } from '#sandbox/web/contacts-page.ts';
import { choice, field } from '#sandbox/web/field.ts';
import { html, type Html } from '#sandbox/web/html.ts';
import { page } from '#sandbox/web/page.ts';
import { count, money } from '#sandbox/web/words.ts';

const MOST_IN_STAGE = 30;

interface Board {
  readonly deals: readonly Deal[];
  readonly contacts: ReadonlyMap<string, Contact>;
}

/** A board for each pipeline, and a form for a new deal. */
export function dealsPage(board: Board, options: Messages & { readonly fields: URLSearchParams }): string {
  const { fields, ...messages } = options;
  return page({
    ...messages,
    title: 'Deals',
    place: '/deals',
    body: html`<div class="head">
        <h1>Deals <span class="count">${board.deals.length}</span></h1>
        <details class="panel" ${messages.error && html`open`}>
          <summary>New deal</summary>
          <form method="post" action="/deals">
            ${field({ label: 'Title', name: 'title', fields })}
            ${choice({
              label: 'Contact',
              name: 'contactId',
              chosen: fields.get('contactId'),
              groups: [{ items: [...board.contacts.values()] }],
            })}
            ${field({ label: 'Amount in euros', name: 'amount', type: 'number', step: '0.01', fields })}
            ${choice({ label: 'Stage', name: 'stage', chosen: fields.get('stage'), groups: stageGroups() })}
            <button class="primary">Add the deal</button>
          </form>
        </details>
      </div>
      ${PIPELINES.map((pipeline) => pipelineBoard(pipeline, board))}`,
  });
}

function pipelineBoard(pipeline: Pipeline, board: Board): Html {
  return html`<section aria-labelledby="${pipeline.id}">
    <h2 id="${pipeline.id}">${pipeline.name}</h2>
    <div class="board">${pipeline.stages.map((stage) => stageColumn(stage, board))}</div>
  </section>`;
}

function stageColumn(stage: Stage, board: Board): Html {
  const deals = board.deals.filter((deal) => deal.stage === stage.id).reverse();
  const total = deals.reduce((sum, { amount }) => sum + amount, 0);
  return html`<section class="stage" aria-label="${stage.name}">
    <h3>${stage.name} <span class="count">${deals.length}</span></h3>
    <p class="quiet">${money(total)}</p>
    <ul>
      ${deals.slice(0, MOST_IN_STAGE).map((deal) => dealCard(deal, board.contacts.get(deal.contactId)))}
    </ul>
    ${deals.length > MOST_IN_STAGE && html`<p class="quiet">The latest ${count(MOST_IN_STAGE, 'deal')}.</p>`}
  </section>`;
}

function dealCard(deal: Deal, contact: Contact | undefined): Html {
  return html`<li class="deal" id="${deal.id}">
    <strong>${deal.title}</strong>
    <span class="quiet">${contact?.name ?? deal.contactId}</span>
    <span class="money">${money(deal.amount)}</span>
    <details>
      <summary>Move<span class="hidden"> ${deal.title}</span></summary>
      <form method="post" action="/deals/${deal.id}/stage" class="row">
        ${choice({ label: 'To', name: 'stage', chosen: deal.stage, groups: stageGroups() })}
        <button>Move it</button>
      </form>
    </details>
  </li>`;
}

function stageGroups() {
  return PIPELINES.map(({ name, stages }) => ({ heading: name, items: stages }));
}
