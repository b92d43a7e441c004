import type { FlowDocument, FlowNode } from '#core/flow-document.ts';

import { sameJson } from '#core/same-json.ts';

/** Whether two drafts say the same. Within a node's settings the order of keys counts: it is that of what is sent on. */
export function sameDraft(left: FlowDocument, right: FlowDocument): boolean {
  if (left === right) return true;
  return sameJson(left, right) && left.nodes.every((node, index) => sameSettings(node, right.nodes[index]));
}

/** Asked with every letter that is typed: of all nodes but one the settings are the same object. */
function sameSettings(left: FlowNode, right: FlowNode | undefined): boolean {
  return left.config === right?.config || JSON.stringify(left.config) === JSON.stringify(right?.config);
}
