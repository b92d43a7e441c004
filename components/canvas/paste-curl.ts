import { importCurl } from '#core/import/curl/import-curl.ts';
import type { Hint } from '#core/import/hint.ts';
import type { FlowFragment } from '#core/flow-operation.ts';

export type CurlFragment =
  | {
      readonly ok: true;
      readonly fragment: FlowFragment;
      /** What is left to do or to know, for people who see the screen. */
      readonly hints: readonly Hint[];
      /** The end of the sentence "1 node …", for those who hear it. */
      readonly verb: string;
    }
  | { readonly ok: false; readonly message: string };

/** The HTTP node that a cURL command on the clipboard describes. */
export function curlFragment(text: string): CurlFragment {
  const read = importCurl(text);
  if (!read.ok) return read;
  const { label, config, timeoutSeconds, retry, hints } = read;
  const node = {
    id: 'http',
    type: 'http.request',
    version: 1,
    label,
    position: { x: 0, y: 0 },
    config,
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(retry !== undefined && { retry }),
  };
  const places = hints.filter(({ kind }) => kind === 'do').map(({ place }) => place);
  const left = places.length === 0 ? '' : `; needs a hand: ${[...new Set(places)].join(', ')}`;
  return {
    ok: true,
    fragment: { nodes: [node], edges: [] },
    hints,
    verb: `pasted from a cURL command, ${label}${left}`,
  };
}

/** A hint as one sentence or two. */
export function hintText({ place, why, remedy = '' }: Hint): string {
  return `${place}: ${why} ${remedy}`.trim();
}
