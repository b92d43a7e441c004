import { type Fault, jsonPointer } from '../fault.ts';
import { FORBIDDEN_KEYS, isJsonObject } from '../json.ts';
import type { FlowView } from './flow-view.ts';

/** Notes, pinned outputs and the flow's own settings. */
export function checkExtras(view: FlowView): readonly Fault[] {
  return [...noteFaults(view), ...groupFaults(view), ...pinFaults(view), ...settingFaults(view)];
}

function noteFaults(view: FlowView): readonly Fault[] {
  const seen = new Set<string>();
  return view.notes.flatMap(({ id, index }) => {
    if (id === undefined) return [];
    const pointer = `/notes/${index}/id`;
    if (FORBIDDEN_KEYS.has(id)) {
      return [refused('note_id_forbidden', pointer, `A note cannot have the id "${id}". Choose another.`)];
    }
    if (seen.has(id))
      return [refused('note_id_duplicate', pointer, `Another note has the id "${id}" already.`)];
    seen.add(id);
    return [];
  });
}

/** A group holds nodes that are there, each once. */
function groupFaults(view: FlowView): readonly Fault[] {
  return view.notes.flatMap(({ nodes = [], index }) =>
    nodes.flatMap((nodeId, place) => {
      const pointer = jsonPointer(['notes', index, 'nodes', place]);
      if (!view.byId.has(nodeId)) {
        const message = `A group names "${nodeId}", but there is no such node. Take it out of the group.`;
        return [refused('group_of_unknown_node', pointer, message)];
      }
      if (nodes.indexOf(nodeId) === place) return [];
      return [refused('group_node_twice', pointer, `A group names "${nodeId}" twice. Name it once.`)];
    }),
  );
}

function pinFaults(view: FlowView): readonly Fault[] {
  const sets = Object.entries(view.pinSets).map(([set, own]) => ({ place: ['pinSets', set], own }));
  return [{ place: ['pins'], own: view.pins as unknown }, ...sets].flatMap(({ place, own }) =>
    Object.keys(isJsonObject(own) ? own : {})
      .filter((nodeId) => !view.byId.has(nodeId) && !FORBIDDEN_KEYS.has(nodeId))
      .map((nodeId) => {
        const message = `An answer is pinned for "${nodeId}", but there is no such node. Remove the pin.`;
        return refused('pin_for_unknown_node', jsonPointer([...place, nodeId]), message);
      }),
  );
}

function settingFaults(view: FlowView): readonly Fault[] {
  const { onFailure } = view.settings;
  if (onFailure === undefined || onFailure !== view.slug) return [];
  const message =
    'A flow cannot be started by its own failures: it could go on for ever. Choose another flow.';
  return [{ level: 'blocks_publish', code: 'on_failure_itself', pointer: '/settings/onFailure', message }];
}

function refused(code: string, pointer: string, message: string): Fault {
  return { level: 'refused', code, pointer, message };
}
