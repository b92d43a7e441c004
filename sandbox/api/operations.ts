import { z } from 'zod';

import { operation, type Operation } from '#sandbox/api/operation.ts';
import { pageOf, pageQuerySchema, pageSchema } from '#sandbox/api/paging.ts';
import { createContact, findContact, updateContact } from '#sandbox/crm/contacts.ts';
import { createDeal, findDeal, updateDeal } from '#sandbox/crm/deals.ts';
import { PIPELINES } from '#sandbox/crm/pipelines.ts';
import {
  contactInputSchema,
  contactPatchSchema,
  contactSchema,
  dealInputSchema,
  dealPatchSchema,
  dealSchema,
  meSchema,
  newWebhookSchema,
  pipelineSchema,
  webhookInputSchema,
  webhookSchema,
} from '#sandbox/crm/schemas.ts';
import { createWebhook, deleteWebhook, listWebhooks, renewWebhook } from '#sandbox/events/webhooks.ts';
import type { Caller } from '#sandbox/oauth/find-caller.ts';
import type { Webhook } from '#sandbox/state/state.ts';

/** Every call of the API; the only list of them. */
export const OPERATIONS: readonly Operation[] = [
  operation({
    id: 'getMe',
    method: 'get',
    path: '/me',
    summary: 'Who the token is of, and what it allows',
    scope: null,
    body: null,
    reply: meSchema,
    run: (_call, { caller }) => describeCaller(caller),
  }),
  operation({
    id: 'listContacts',
    method: 'get',
    path: '/contacts',
    summary: 'Contacts, the one that changed longest ago first',
    scope: 'contacts:read',
    query: pageQuerySchema,
    body: null,
    reply: pageSchema(contactSchema),
    run: ({ query }, { state }) => pageOf(state.contacts, query),
  }),
  operation({
    id: 'createContact',
    method: 'post',
    path: '/contacts',
    summary: 'Add a contact',
    scope: 'contacts:write',
    body: contactInputSchema,
    status: 201,
    reply: contactSchema,
    mayConflict: true,
    run: ({ body }, context) => createContact(context, body),
  }),
  operation({
    id: 'getContact',
    method: 'get',
    path: '/contacts/{id}',
    summary: 'One contact',
    scope: 'contacts:read',
    body: null,
    reply: contactSchema,
    run: ({ id }, { state }) => findContact(state, id),
  }),
  operation({
    id: 'updateContact',
    method: 'patch',
    path: '/contacts/{id}',
    summary: 'Change what is named of a contact',
    scope: 'contacts:write',
    body: contactPatchSchema,
    reply: contactSchema,
    mayConflict: true,
    run: ({ id, body }, context) => updateContact(context, id, body),
  }),
  operation({
    id: 'listDeals',
    method: 'get',
    path: '/deals',
    summary: 'Deals, the one that changed longest ago first',
    scope: 'deals:read',
    query: pageQuerySchema,
    body: null,
    reply: pageSchema(dealSchema),
    run: ({ query }, { state }) => pageOf(state.deals, query),
  }),
  operation({
    id: 'createDeal',
    method: 'post',
    path: '/deals',
    summary: 'Add a deal',
    scope: 'deals:write',
    body: dealInputSchema,
    status: 201,
    reply: dealSchema,
    mayConflict: true,
    run: ({ body }, context) => createDeal(context, body),
  }),
  operation({
    id: 'getDeal',
    method: 'get',
    path: '/deals/{id}',
    summary: 'One deal',
    scope: 'deals:read',
    body: null,
    reply: dealSchema,
    run: ({ id }, { state }) => findDeal(state, id),
  }),
  operation({
    id: 'updateDeal',
    method: 'patch',
    path: '/deals/{id}',
    summary: 'Change what is named of a deal',
    scope: 'deals:write',
    body: dealPatchSchema,
    reply: dealSchema,
    run: ({ id, body }, context) => updateDeal(context, id, body),
  }),
  operation({
    id: 'listPipelines',
    method: 'get',
    path: '/pipelines',
    summary: 'The pipelines and the stages that a deal can be in',
    scope: 'deals:read',
    body: null,
    reply: z.strictObject({ data: z.array(pipelineSchema) }),
    run: () => ({ data: PIPELINES }),
  }),
  operation({
    id: 'listWebhooks',
    method: 'get',
    path: '/webhooks',
    summary: 'Your webhooks, without their secrets',
    scope: 'webhooks:manage',
    body: null,
    reply: z.strictObject({ data: z.array(webhookSchema) }),
    run: (_call, { state, caller }) => ({ data: listWebhooks(state, caller.owner).map(describeWebhook) }),
  }),
  operation({
    id: 'createWebhook',
    method: 'post',
    path: '/webhooks',
    summary: 'Be told of events, signed with the secret in the reply',
    scope: 'webhooks:manage',
    body: webhookInputSchema,
    status: 201,
    reply: newWebhookSchema,
    mayConflict: true,
    run: ({ body }, { state, caller, webhookRules }) => {
      const webhook = createWebhook(state, body, { ...caller, ...webhookRules });
      return { ...describeWebhook(webhook), secret: webhook.secret };
    },
  }),
  operation({
    id: 'deleteWebhook',
    method: 'delete',
    path: '/webhooks/{id}',
    summary: 'Be told no more',
    scope: 'webhooks:manage',
    body: null,
    status: 204,
    reply: null,
    run: ({ id }, { state, caller }) => deleteWebhook(state, id, caller.owner),
  }),
  operation({
    id: 'renewWebhook',
    method: 'post',
    path: '/webhooks/{id}/renew',
    summary: 'Let a webhook live on, also one that has expired',
    scope: 'webhooks:manage',
    body: null,
    reply: webhookSchema,
    run: ({ id }, { state, caller, webhookRules }) =>
      describeWebhook(renewWebhook(state, id, { ...caller, ...webhookRules })),
  }),
];

function describeCaller({ person, clientId, scopes }: Caller) {
  return {
    id: person?.id ?? clientId,
    kind: person ? 'person' : 'machine',
    name: person?.name ?? clientId,
    email: person?.email ?? null,
    role: person?.role ?? null,
    clientId,
    scopes: [...scopes].filter((scope) => scope !== 'openid'),
  };
}

function describeWebhook({ id, url, events, createdAt, expiresAt }: Webhook) {
  return { id, url, events, createdAt, expiresAt };
}
