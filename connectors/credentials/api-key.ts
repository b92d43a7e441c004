import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { onlyTo } from './only-to.ts';

/** Headers that belong to the connection itself, not to who calls. */
const NOT_A_KEY = /^(host|connection|content-length|content-type|transfer-encoding|cookie)$/i;

/** A key that a call carries in a header or a parameter of its own name. */
export const apiKey: ConnectorDef = {
  id: 'api_key',
  label: 'API key',
  summary: 'A key that is sent in a header or a query parameter.',
  icon: 'key',
  category: 'credential',
  connection: z
    .strictObject({
      in: z.enum(['header', 'query']).default('header').meta({
        title: 'Sent in',
        help: 'A header, or a parameter of the address. Addresses are written to more logs: prefer a header.',
      }),
      name: z
        .string()
        .regex(
          /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/,
          'write the name of a header or parameter, such as X-API-Key',
        )
        .meta({ title: 'Name', placeholder: 'X-API-Key' }),
      key: z
        .string()
        .regex(
          /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/,
          'a key is one line of plain characters, without spaces around it',
        )
        .meta({
          title: 'Key',
          help: 'As it is sent, with a word such as "Token" before it where the far end wants one.',
          secret: true,
        }),
      baseUrl: onlyTo,
    })
    .superRefine((fields, issues) => {
      if (fields.in === 'header' && NOT_A_KEY.test(fields.name))
        issues.addIssue({ code: 'custom', path: ['name'], message: 'is a header that carries no key' });
    }),
  callAuth: { kind: 'placed', in: 'in', name: 'name', field: 'key' },
  originField: 'baseUrl',
  operations: [],
};
