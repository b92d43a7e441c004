import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { stripeTriggers } from './triggers.ts';

/** With a restricted key: those who host Patchbay themselves need no app at Stripe. */
export const stripe: ConnectorDef = {
  id: 'stripe',
  label: 'Stripe',
  summary: 'What happens in an account of Stripe.',
  icon: 'plug',
  category: 'app',
  http: {
    honoursKeys: true,
    failures: { code: ['/error/code', '/error/type'], message: ['/error/message', '/error/param'] },
  },
  connection: z.strictObject({
    secretKey: z
      .string()
      .regex(/^(rk|sk)_(test|live)_\w+$/, 'a key begins with rk_test_, rk_live_, sk_test_ or sk_live_')
      .meta({ title: 'Restricted key', placeholder: 'rk_live_…', secret: true }),
  }),
  callAuth: { kind: 'bearer', field: 'secretKey' },
  baseUrl: 'https://api.stripe.com',
  account: {
    url: 'https://api.stripe.com/v1/account',
    id: '/id',
    label: '/settings/dashboard/display_name',
  },
  operations: stripeTriggers,
};
