import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import type { HttpCall } from '#connectors/kit/http-call.ts';
import { httpOperations } from '#connectors/kit/http-operations.ts';
import { customerOperations } from './customers.ts';
import { stripeMark } from './mark.ts';
import { paymentOperations } from './payments.ts';
import { stripeTriggers } from './triggers.ts';

const facts = {
  id: 'stripe',
  label: 'Stripe',
  icon: 'plug',
  http: {
    honoursKeys: true,
    // The shapes of replies stay as they are whatever version the account is set to.
    headers: { 'stripe-version': '2025-09-30.clover' },
    failures: {
      code: ['/error/code', '/error/type'],
      message: ['/error/message', '/error/param'],
      known: {
        lock_timeout: { kind: 'transient' },
        idempotency_key_in_use: { kind: 'transient', says: 'The first attempt is still under way.' },
        rate_limit: { kind: 'throttled', waitSeconds: 2 },
        '403': {
          says: 'The restricted key lacks a permission: add it in the Stripe dashboard, Developers, API keys.',
        },
      },
    },
  },
} as const;

function pages(path: string): HttpCall {
  return {
    method: 'GET',
    path,
    pick: '/data',
    paging: {
      kind: 'last_item',
      name: 'starting_after',
      id: '/id',
      more: '/has_more',
      size: { name: 'limit', most: 100 },
    },
  };
}

/** With a restricted key: those who host Patchbay themselves need no app at Stripe. */
export const stripe: ConnectorDef = {
  ...facts,
  summary: 'Customers, invoices, payment links and refunds of Stripe.',
  category: 'app',
  mark: stripeMark,
  connection: z.strictObject({
    secretKey: z
      .string()
      .regex(/^(rk|sk)_(test|live)_\w+$/, 'a key begins with rk_test_, rk_live_, sk_test_ or sk_live_')
      .meta({
        title: 'Restricted key',
        help: 'In the Stripe dashboard, Developers, API keys, Create restricted key. Give it read access to Accounts, and write access to what your flows change.',
        placeholder: 'rk_live_…',
        secret: true,
      }),
  }),
  callAuth: { kind: 'bearer', field: 'secretKey' },
  baseUrl: 'https://api.stripe.com',
  account: {
    url: 'https://api.stripe.com/v1/account',
    headers: facts.http.headers,
    id: '/id',
    label: '/settings/dashboard/display_name',
  },
  proof: 'vendor_specification',
  optionLoaders: {
    customers: { call: pages('/v1/customers'), value: '/id', label: '/name', hint: '/email' },
    prices: {
      call: { ...pages('/v1/prices'), query: { active: true, 'expand[0]': 'data.product' } },
      value: '/id',
      label: '/product/name',
      hint: '/nickname',
    },
  },
  operations: [...stripeTriggers, ...httpOperations(facts, [...customerOperations, ...paymentOperations])],
};
