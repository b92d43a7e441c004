/**
 * What is wrong with a flow document, at one place.
 *
 * - `refused`: the document cannot be stored (unknown key, dangling edge, cycle, unknown type …).
 * - `blocks_publish`: a draft may keep it, a version may not (a required setting is empty, an expression does not parse …).
 * - `warning`: allowed, but probably not meant (a node that no trigger reaches).
 */
export interface Fault {
  readonly level: 'refused' | 'blocks_publish' | 'warning';
  /** Stable name of the kind of fault, snake_case, for example `edge_to_unknown_node`. */
  readonly code: string;
  /** RFC 6901 JSON pointer into the document, for example `/nodes/2/config/url`. */
  readonly pointer: string;
  /** What is wrong and what to do, in plain words. */
  readonly message: string;
  /** The node the fault is shown on, when there is one. */
  readonly nodeId?: string;
}

/** Builds an RFC 6901 pointer from its parts. */
export function jsonPointer(parts: readonly (string | number | symbol)[]): string {
  return parts.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
