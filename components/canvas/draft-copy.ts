import { z } from 'zod';

import { flowDocumentSchema } from '#core/flow-document.ts';

import type { DraftCopy } from './draft-saver.ts';

const copySchema = z.object({ base: flowDocumentSchema, mine: flowDocumentSchema, etag: z.string() });

/** Unsaved edits that an earlier visit left behind, and what they were made on. */
export type LeftCopy = z.output<typeof copySchema>;

const keyOf = (slug: string) => `patchbay:unsaved:${slug}`;

/** The copy of unsaved edits in the browser's own storage. A full or forbidden storage loses the copy, not the edits. */
export function draftCopy(slug: string, storage: Storage): DraftCopy {
  return {
    write(copy) {
      try {
        storage.setItem(keyOf(slug), JSON.stringify(copy));
      } catch (error) {
        console.warn('Unsaved edits could not be copied to the storage of the browser', error);
      }
    },
    clear: () => storage.removeItem(keyOf(slug)),
  };
}

/** What an earlier visit left; null when there is nothing, or nothing that can be read any more. */
export function readCopy(slug: string, storage: Storage): LeftCopy | null {
  const text = storage.getItem(keyOf(slug));
  if (text === null) return null;
  try {
    return copySchema.parse(JSON.parse(text));
  } catch (error) {
    console.warn('Unsaved edits of an earlier visit cannot be read any more', error);
    return null;
  }
}
