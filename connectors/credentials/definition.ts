import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { onlyTo } from './only-to.ts';

/** The secret that senders sign webhooks with. `previousSecret` is accepted too, while a secret is being changed. */
export const signingSecret: ConnectorDef = {
  id: 'signing_secret',
  label: 'Signing secret',
  summary: 'The secret that a sender signs its webhooks with.',
  icon: 'key-round',
  category: 'credential',
  connection: z.strictObject({
    secret: z.string().min(1).meta({ title: 'Secret', help: 'As the sender shows it.', secret: true }),
    previousSecret: z.string().min(1).optional().meta({
      title: 'Previous secret',
      help: 'Still accepted, so that the secret can be changed without losing an event. Remove it afterwards.',
      secret: true,
      advanced: true,
    }),
  }),
  operations: [],
};

export const bearerToken: ConnectorDef = {
  id: 'bearer_token',
  label: 'Bearer token',
  summary: 'A token that is sent as "Authorization: Bearer …".',
  icon: 'key-square',
  category: 'credential',
  connection: z.strictObject({
    token: z
      .string()
      .regex(/^[\x21-\x7e]+$/, 'a token has no spaces and no line breaks; leave "Bearer" out')
      .meta({ title: 'Token', help: 'Without the word "Bearer".', secret: true }),
    baseUrl: onlyTo,
  }),
  callAuth: { kind: 'bearer', field: 'token' },
  originField: 'baseUrl',
  operations: [],
};

export const basicAuth: ConnectorDef = {
  id: 'basic_auth',
  label: 'User name and password',
  summary: 'HTTP basic authentication.',
  icon: 'user-round',
  category: 'credential',
  connection: z.strictObject({
    username: z
      .string()
      .min(1)
      .regex(/^[^:]*$/, 'a user name cannot contain a colon')
      .meta({ title: 'User name' }),
    password: z.string().meta({ title: 'Password', secret: true }),
    baseUrl: onlyTo,
  }),
  callAuth: { kind: 'basic', username: 'username', password: 'password' },
  originField: 'baseUrl',
  operations: [],
};
