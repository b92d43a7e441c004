import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { SEARCH, setting } from '#connectors/kit/http-call.ts';
import { httpOperations } from '#connectors/kit/http-operations.ts';
import { contactOperations } from './contacts.ts';
import { hubspotMark } from './mark.ts';
import { hubspotPages } from './paging.ts';
import { salesOperations } from './sales.ts';
import { hubspotTriggers } from './triggers.ts';

const facts = {
  id: 'hubspot',
  label: 'HubSpot',
  icon: 'plug',
  alsoTakes: ['bearer_token'],
  http: {
    failures: {
      code: ['/category'],
      message: ['/message'],
      known: {
        RATE_LIMITS: { kind: 'throttled', waitSeconds: 10 },
        MISSING_SCOPES: { says: 'The connection lacks a scope: connect the account again to grant it.' },
        EXPIRED_AUTHENTICATION: { kind: 'auth' },
        INVALID_AUTHENTICATION: { kind: 'auth' },
      },
    },
  },
} as const;

const pipelines = { method: 'GET', path: '/crm/v3/pipelines/deals' } as const;

export const hubspot: ConnectorDef = {
  ...facts,
  summary: 'Contacts, companies, deals and notes of HubSpot.',
  category: 'app',
  mark: hubspotMark,
  connection: z.strictObject({}),
  oauth: {
    grant: 'authorization_code',
    authorizeUrl: 'https://app.hubspot.com/oauth/authorize',
    tokenUrl: 'https://api.hubapi.com/oauth/v3/token',
    scopes: [
      { id: 'oauth', says: 'Connect the account' },
      { id: 'crm.objects.contacts.read', says: 'Read contacts' },
      { id: 'crm.objects.contacts.write', says: 'Add and change contacts, and their notes' },
      { id: 'crm.objects.companies.read', says: 'Read companies' },
      { id: 'crm.objects.companies.write', says: 'Add and change companies' },
      { id: 'crm.objects.deals.read', says: 'Read deals and pipelines' },
      { id: 'crm.objects.deals.write', says: 'Add and change deals' },
      { id: 'crm.objects.owners.read', says: 'See who can own them' },
    ],
    expiresInSeconds: 1_800,
    keep: { hubId: '/hub_id' },
    setup: {
      url: 'https://developers.hubspot.com/',
      steps: [
        'In a HubSpot developer account, create an app.',
        'Under Auth, add the callback URL shown here as redirect URL, and the scopes that are listed here.',
        'Copy the client id and the client secret into this form.',
        'A private app needs none of this: use its access token with a connection of the kind Bearer token.',
      ],
    },
  },
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: 'https://api.hubapi.com',
  account: { url: 'https://api.hubapi.com/account-info/v3/details', id: '/portalId', label: '/portalId' },
  proof: 'vendor_sdk',
  optionLoaders: {
    contacts: {
      call: {
        ...hubspotPages('POST', '/crm/v3/objects/contacts/search'),
        body: { query: setting(SEARCH), properties: ['email', 'firstname', 'lastname'] },
      },
      value: '/id',
      label: '/properties/email',
      hint: '/properties/lastname',
    },
    owners: { call: hubspotPages('GET', '/crm/v3/owners/'), value: '/id', label: '/email' },
    pipelines: { call: { ...pipelines, pick: '/results' }, value: '/id', label: '/label' },
    dealStages: { call: { ...pipelines, pick: '/results/*/stages' }, value: '/id', label: '/label' },
  },
  operations: [...hubspotTriggers, ...httpOperations(facts, [...contactOperations, ...salesOperations])],
};
