import { z } from 'zod';

/** A field that limits where the credentials of a connection go. Its connector names it as `originField`. */
export const onlyTo = z
  .string()
  .regex(/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/i, 'write an address such as https://api.example.com')
  .optional()
  .meta({
    title: 'Only sent to',
    help: 'Scheme, host and port that the credentials may be sent to. Left empty, they go wherever a step calls.',
    placeholder: 'https://api.example.com',
  });
