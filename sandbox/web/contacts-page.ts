import type { Contact } from '#sandbox/crm/schemas.ts';
import { field } from '#sandbox/web/field.ts';
import { html, type Html } from '#sandbox/web/html.ts';
import { page, type PageContent } from '#sandbox/web/page.ts';
import { count, moment } from '#sandbox/web/words.ts';

const MOST_SHOWN = 100;

export type Messages = Pick<PageContent, 'notice' | 'error' | 'trouble'>;

/** All contacts, the latest change first, and a form for a new one. */
export function contactsPage(
  contacts: readonly Contact[],
  options: Messages & { readonly fields: URLSearchParams },
): string {
  const { fields, ...messages } = options;
  const shown = contacts.toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1)).slice(0, MOST_SHOWN);
  return page({
    ...messages,
    title: 'Contacts',
    place: '/contacts',
    body: html`<div class="beside">
      <section>
        <h1>Contacts <span class="count">${contacts.length}</span></h1>
        <a class="jump" href="#new">New contact ↓</a>
        <table class="stack">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Email</th>
              <th scope="col">Company</th>
              <th scope="col">Changed</th>
            </tr>
          </thead>
          <tbody>
            ${shown.map(row)}
          </tbody>
        </table>
        ${contacts.length > MOST_SHOWN && html`<p class="quiet">The latest ${count(MOST_SHOWN, 'contact')}.</p>`}
      </section>
      <aside class="panel" aria-labelledby="new">
        <h2 id="new">New contact</h2>
        <form method="post" action="/contacts">
          ${contactFields(fields)}
          <button class="primary">Add the contact</button>
        </form>
        <p class="quiet">Webhooks that asked for <span class="mono">contact.created</span> are told.</p>
      </aside>
    </div>`,
  });
}

/** One contact, to change it. */
export function contactPage(
  contact: Contact,
  options: Messages & { readonly fields: URLSearchParams },
): string {
  const { fields, ...messages } = options;
  return page({
    ...messages,
    title: contact.name,
    place: '/contacts',
    body: html`<p class="crumb"><a href="/contacts">← Contacts</a></p>
      <h1>${contact.name}</h1>
      <section class="panel narrow">
        <form method="post" action="/contacts/${contact.id}">
          ${contactFields(fields)}
          <button class="primary">Save the changes</button>
        </form>
        <p class="quiet">
          <span class="mono">${contact.id}</span> · changed ${moment(contact.updatedAt)} · webhooks that asked
          for <span class="mono">contact.updated</span> are told.
        </p>
      </section>`,
  });
}

function contactFields(fields: URLSearchParams): readonly Html[] {
  return [
    field({ label: 'Name', name: 'name', fields }),
    field({ label: 'Email', name: 'email', type: 'email', fields }),
    field({ label: 'Company', name: 'company', fields, isOptional: true }),
    field({ label: 'Phone', name: 'phone', type: 'tel', fields, isOptional: true }),
  ];
}

function row({ id, name, email, company, updatedAt }: Contact): Html {
  return html`<tr>
    <th scope="row"><a href="/contacts/${id}">${name}</a></th>
    <td data-label="Email">${email}</td>
    <td data-label="Company">${company ?? '–'}</td>
    <td data-label="Changed">${moment(updatedAt)}</td>
  </tr>`;
}
