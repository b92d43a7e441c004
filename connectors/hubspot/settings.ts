import { z } from 'zod';

export const contactId = z
  .string()
  .min(1)
  .meta({ title: 'Contact', help: 'Its id.', placeholder: '151', choices: 'contacts' });
export const dealId = z.string().min(1).meta({ title: 'Deal', help: 'Its id.', placeholder: '9021' });
export const owner = z
  .string()
  .min(1)
  .optional()
  .meta({ title: 'Owner', help: 'An owner’s id.', placeholder: '41629779', choices: 'owners' });

export const properties = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .optional()
  .meta({
    title: 'More properties',
    help: 'By their internal names.',
    placeholder: 'lifecyclestage',
    widget: 'key_values',
    advanced: true,
  });

export const record = z.looseObject({
  id: z.string(),
  properties: z.record(z.string(), z.string().nullable()),
  createdAt: z.string(),
  updatedAt: z.string(),
});

/** A record as HubSpot gives it back. */
export function sampleRecord(id: string, values: Readonly<Record<string, string>>) {
  return {
    id,
    properties: values,
    createdAt: '2026-01-15T09:30:00.000Z',
    updatedAt: '2026-01-15T09:30:00.000Z',
  };
}
