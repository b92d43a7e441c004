import { z } from 'zod';

/** How often a connector's trigger asks what is new: a setting of each that polls. */
export const pollEvery = z.int().min(60).max(86_400).default(300).meta({
  title: 'Every (seconds)',
  help: 'How often it is asked what is new: from a minute to a day.',
  expression: false,
  advanced: true,
});
