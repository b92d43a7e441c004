import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { hubspotTriggers } from './triggers.ts';

export const hubspot: ConnectorDef = {
  id: 'hubspot',
  label: 'HubSpot',
  summary: 'What happens to contacts, companies and deals of HubSpot.',
  icon: 'plug',
  category: 'app',
  connection: z.strictObject({}),
  oauth: {
    grant: 'authorization_code',
    authorizeUrl: 'https://app.hubspot.com/oauth/authorize',
    tokenUrl: 'https://api.hubapi.com/oauth/v3/token',
    scopes: [
      { id: 'oauth', says: 'Connect the account' },
      { id: 'crm.objects.contacts.read', says: 'Read contacts' },
      { id: 'crm.objects.companies.read', says: 'Read companies' },
      { id: 'crm.objects.deals.read', says: 'Read deals and pipelines' },
    ],
    pkce: false,
  },
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: 'https://api.hubapi.com',
  account: { url: 'https://api.hubapi.com/account-info/v3/details', id: '/portalId', label: '/portalId' },
  operations: hubspotTriggers,
};
