import type { CallLog } from '#sandbox/api/call-log.ts';
import { check } from '#sandbox/check.ts';
import { createContact, findContact, updateContact } from '#sandbox/crm/contacts.ts';
import type { Crm } from '#sandbox/crm/crm.ts';
import { createDeal, updateDeal } from '#sandbox/crm/deals.ts';
import { contactInputSchema, dealInputSchema, dealPatchSchema } from '#sandbox/crm/schemas.ts';
import type { Deliveries } from '#sandbox/events/deliveries.ts';
import type { Incoming } from '#sandbox/http/incoming.ts';
import { expireAccessTokens, revokeGrant, revokeMachineTokens } from '#sandbox/oauth/grants.ts';
import { notFound, Problem } from '#sandbox/problem.ts';
import { sampleContacts, sampleDeals } from '#sandbox/state/samples.ts';
import { TROUBLES, type State } from '#sandbox/state/state.ts';
import type { Store } from '#sandbox/state/store.ts';
import { appsPage, type AppsPageOptions } from '#sandbox/web/apps-page.ts';
import { contactPage, contactsPage, type Messages } from '#sandbox/web/contacts-page.ts';
import { dealsPage } from '#sandbox/web/deals-page.ts';
import { TROUBLE_WORDS, troublePage } from '#sandbox/web/trouble-page.ts';
import { webhooksPage } from '#sandbox/web/webhooks-page.ts';

export interface PagesParts {
  readonly store: Store;
  readonly crm: Crm;
  readonly deliveries: Deliveries;
  readonly calls: CallLog;
  readonly apps: AppsPageOptions;
}

/** Shows a page; `typed` and `error` are there when a form could not do what it should. */
export type Show = (incoming: Incoming, id: string, failed?: Failed) => string;
/** Does what a form asks for and returns where to go: `/contacts?done=contact-added`. Throws a `Problem`. */
type Act = (form: URLSearchParams, id: string) => string;
export interface Failed {
  readonly typed: URLSearchParams;
  readonly error: string;
}
export interface Route {
  readonly path: RegExp;
  readonly show?: Show;
  readonly act?: Act;
  /** Where a failed form is shown again, when that is another page. */
  readonly again?: string;
}

/** What a form did; the page that comes next says it, by its name in the address. */
const NOTICES: ReadonlyMap<string, string> = new Map([
  ['contact-added', 'The contact was added.'],
  ['contact-saved', 'The contact was changed.'],
  ['deal-added', 'The deal was added.'],
  ['deal-moved', 'The deal was moved.'],
  ['webhook-deleted', 'The webhook was deleted.'],
  ['sent-again', 'The event is sent again.'],
  ['revoked', 'The app has no access any more.'],
  ['machine-ended', 'Its access tokens have ended.'],
  ['trouble-set', 'Done. It holds until you change it, also after a restart.'],
  ['expired', 'All access tokens have expired.'],
  ['reset', 'The sample data is back.'],
]);

/** Every page and every form. */
export function pageRoutes({ store, crm, deliveries, calls, apps }: PagesParts): readonly Route[] {
  const { state } = store;
  const messages = (incoming: Incoming, failed?: Failed): Messages => ({
    notice: failed ? undefined : NOTICES.get(incoming.query.get('done') ?? ''),
    error: failed?.error,
    trouble: TROUBLE_WORDS.find(({ kind }) => kind === state.trouble)?.line,
  });
  const nothing = new URLSearchParams();
  return [
    {
      path: /^\/contacts$/,
      show: (incoming, _id, failed) =>
        contactsPage([...state.contacts.values()], {
          ...messages(incoming, failed),
          fields: failed?.typed ?? nothing,
        }),
      act: (form) => {
        createContact(crm, check(contactInputSchema, contactFields(form)));
        return '/contacts?done=contact-added';
      },
    },
    {
      path: /^\/contacts\/([\w-]+)$/,
      show: (incoming, id, failed) => {
        const contact = findContact(state, id);
        const present = Object.entries(contact).map(([name, value]) => [name, value ?? '']);
        return contactPage(contact, {
          ...messages(incoming, failed),
          fields: failed?.typed ?? new URLSearchParams(present),
        });
      },
      act: (form, id) => {
        updateContact(crm, id, check(contactInputSchema, contactFields(form)));
        return `/contacts/${id}?done=contact-saved`;
      },
    },
    {
      path: /^\/deals$/,
      show: (incoming, _id, failed) =>
        dealsPage(
          { deals: [...state.deals.values()], contacts: state.contacts },
          { ...messages(incoming, failed), fields: failed?.typed ?? nothing },
        ),
      act: (form) => {
        const { amount, ...rest } = Object.fromEntries(form);
        createDeal(
          crm,
          check(dealInputSchema, { ...rest, amount: amount === '' ? undefined : Number(amount) }),
        );
        return '/deals?done=deal-added';
      },
    },
    {
      path: /^\/deals\/([\w-]+)\/stage$/,
      again: '/deals',
      act: (form, id) => {
        updateDeal(crm, id, check(dealPatchSchema, { stage: form.get('stage') }));
        return '/deals?done=deal-moved';
      },
    },
    { path: /^\/webhooks$/, show: (incoming) => webhooksPage(state, messages(incoming)) },
    {
      path: /^\/webhooks\/([\w-]+)\/delete$/,
      act: (_form, id) => {
        if (!state.webhooks.delete(id)) throw notFound('webhook');
        return '/webhooks?done=webhook-deleted';
      },
    },
    {
      path: /^\/deliveries\/([\w-]+)\/again$/,
      act: (_form, id) => {
        deliveries.sendAgain(id);
        return '/webhooks?done=sent-again';
      },
    },
    { path: /^\/apps$/, show: (incoming) => appsPage(state, apps, messages(incoming)) },
    {
      path: /^\/apps\/machine\/revoke$/,
      act: () => {
        revokeMachineTokens(state, apps.machineClientId);
        return '/apps?done=machine-ended';
      },
    },
    {
      path: /^\/apps\/([\w-]+)\/revoke$/,
      act: (_form, id) => {
        revokeGrant(state, id);
        return '/apps?done=revoked';
      },
    },
    {
      path: /^\/trouble$/,
      show: (incoming, _id, failed) => troublePage(state, calls.list(), messages(incoming, failed)),
      act: (form) => {
        const wanted = TROUBLES.find((kind) => kind === form.get('trouble'));
        if (!wanted) throw new Problem(422, 'invalid', 'There is no such trouble.');
        state.trouble = wanted;
        return '/trouble?done=trouble-set';
      },
    },
    {
      path: /^\/trouble\/expire$/,
      act: () => {
        expireAccessTokens(state);
        return '/trouble?done=expired';
      },
    },
    {
      path: /^\/trouble\/reset$/,
      act: () => {
        putSamplesBack(state);
        return '/trouble?done=reset';
      },
    },
  ];
}

/** An optional field that was left empty is none. */
function contactFields(form: URLSearchParams): Record<string, string | null> {
  const optional = (name: string): string | null => form.get(name)?.trim() || null;
  return {
    name: form.get('name'),
    email: form.get('email')?.trim() ?? null,
    company: optional('company'),
    phone: optional('phone'),
  };
}

function putSamplesBack(state: State): void {
  const now = Date.now();
  for (const map of [state.contacts, state.deals, state.deliveries, state.replies]) map.clear();
  for (const [id, contact] of sampleContacts(now)) state.contacts.set(id, contact);
  for (const [id, deal] of sampleDeals(now)) state.deals.set(id, deal);
}
