import type { FlowDocument } from '#core/flow-document.ts';

import { sameJson } from '#core/same-json.ts';

/** Whether two drafts say the same. Within a node's settings the order of keys counts: it is that of what is sent on. */
export function sameDraft(left: FlowDocument, right: FlowDocument): boolean {
  return sameJson(left, right) && settingsText(left) === settingsText(right);
}

function settingsText({ nodes }: FlowDocument): string {
  return JSON.stringify(nodes.map(({ config }) => config));
}
