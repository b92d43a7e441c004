import { z } from 'zod';

import { flowDocumentSchema } from '#core/flow-document.ts';

import type { DraftCopy } from './draft-saver.ts';

const copySchema = z.object({ base: flowDocumentSchema, mine: flowDocumentSchema, etag: z.string() });

/** Unsaved edits that an earlier visit left behind, and what they were made on. */
export type LeftCopy = z.output<typeof copySchema>;

/** Whose edits of which flow: people share browsers, and workspaces may have flows of the same slug. */
export interface CopyOwner {
  readonly workspace: string;
  readonly userId: string;
  readonly slug: string;
}

const keyOf = ({ workspace, userId, slug }: CopyOwner) => `patchbay:unsaved:${workspace}:${userId}:${slug}`;

/** The copy of unsaved edits in the browser's own storage. A full or forbidden storage loses the copy, not the edits. */
export function draftCopy(owner: CopyOwner, storage: Storage): DraftCopy {
  return {
    write(copy) {
      try {
        storage.setItem(keyOf(owner), JSON.stringify(copy));
      } catch (error) {
        console.warn('Unsaved edits could not be copied to the storage of the browser', error);
      }
    },
    clear: () => storage.removeItem(keyOf(owner)),
  };
}

/** What an earlier visit left; null when there is nothing, or nothing that can be read any more. */
export function readCopy(owner: CopyOwner, storage: Storage): LeftCopy | null {
  const text = storage.getItem(keyOf(owner));
  if (text === null) return null;
  try {
    return copySchema.parse(JSON.parse(text));
  } catch (error) {
    console.warn('Unsaved edits of an earlier visit cannot be read any more', error);
    return null;
  }
}
