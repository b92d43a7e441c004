import type { Fault } from './fault.ts';
import type { Effect } from './flow-document.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * What `core` needs to know of a node type. The registry in `connectors/definitions.ts` provides it;
 * `core` itself never imports the registry.
 */
export interface NodeType {
  /** `<connector>.<operation>`. */
  readonly type: string;
  readonly version: number;
  readonly kind: 'trigger' | 'action';
  readonly label: string;
  /** True when other nodes may name this one as their `parent`. */
  readonly isLoop?: boolean;
  /** True when a step of this type may wait for a time or a word from outside. */
  readonly canWait?: boolean;
  /** True when it may succeed and follow none of its ports. */
  readonly mayFollowNone?: boolean;
  /** True when it ends the whole run. */
  readonly endsRun?: boolean;
  /** The ports that a node with this configuration has, without `error`. */
  ports(config: JsonObject): readonly string[];
  /** `pure` needs no journal row of its own: it is deterministic and re-run. */
  effect(config: JsonObject): Effect | 'pure';
  /** Ids of the connectors whose connections this node may use; empty when it takes none. */
  connectors(config: JsonObject): readonly string[];
  /** True when a node with this configuration cannot work without a connection. */
  needsConnection(config: JsonObject): boolean;
  /**
   * Checks a configuration, expressions allowed in place of any setting that takes them.
   * Pointers are relative to the configuration (`/url`). Level is `refused` for unknown keys, else `blocks_publish`.
   */
  checkConfig(config: JsonObject): readonly Fault[];
  /** The names that expressions in a setting can use; undefined for the usual ones. */
  names?(setting: string): readonly string[] | undefined;
  /** An example output, for completion and previews. */
  readonly sample: Json;
}

/** Looks a node type up; undefined when the type or that version is unknown. */
export type Catalog = (type: string, version: number) => NodeType | undefined;
