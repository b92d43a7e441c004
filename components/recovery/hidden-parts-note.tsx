import { KeyRound } from 'lucide-react';

import { hasHiddenParts } from './step-settings.ts';

/** Says that secrets were taken out of a stored value, where they were. */
export function HiddenPartsNote({ text }: { text: string }) {
  if (!hasHiddenParts(text)) return null;
  return (
    <p className="flex items-start gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm text-warning">
      <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>
        Secrets are not kept with a run: a mark such as <code className="font-mono text-xs">[secret]</code>{' '}
        stands in their place. Write them in again, or the far end gets the mark.
      </span>
    </p>
  );
}
