import { z } from 'zod';

const addresses = z.array(z.string().min(3).max(320)).max(100);

export const to = addresses
  .min(1)
  .meta({ title: 'To', help: 'Email addresses.', placeholder: 'Ada <ada@example.com>' });
export const cc = addresses.optional().meta({ title: 'Cc', help: 'Email addresses.', advanced: true });
export const bcc = addresses
  .optional()
  .meta({ title: 'Bcc', help: 'Email addresses that the others do not see.', advanced: true });

export const subject = z.string().max(500).meta({ title: 'Subject', placeholder: 'Your order A-1042' });

export const text = z
  .string()
  .max(1_000_000)
  .meta({ title: 'Text', help: 'Plain text.', widget: 'textarea' });

export const html = z.string().max(1_000_000).optional().meta({
  title: 'HTML',
  help: 'Shown instead of the plain text by mail programs that can.',
  widget: 'textarea',
  advanced: true,
});

export const messageId = z
  .string()
  .min(1)
  .meta({ title: 'Message', help: 'Its id, from a search.', placeholder: '18c2f1a9b3d4e5f6' });

export const reference = z.looseObject({ id: z.string(), threadId: z.string() });
export const sampleReference = { id: '18c2f1a9b3d4e5f6', threadId: '18c2f1a9b3d4e5f0' };

export const sent = reference.extend({ labelIds: z.array(z.string()).optional() });
export const sampleSent = { ...sampleReference, labelIds: ['SENT'] };
