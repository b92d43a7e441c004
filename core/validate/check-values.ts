import { type Fault, jsonPointer } from '../fault.ts';
import { type Json, type JsonObject, isJsonObject } from '../json.ts';
import type { NodeType } from '../catalog.ts';
import { computedSettings } from './computed-settings.ts';
import { type FlowView, type ViewNode, nodeFault } from './flow-view.ts';

const known = new WeakMap<
  JsonObject,
  { readonly nodeType: NodeType | undefined; readonly faults: readonly Fault[] }
>();

/** Settings against the operations that they are for, and `$expr` and `$tpl` that are not written as they must be. */
export function checkValues(view: FlowView): readonly Fault[] {
  return [
    ...view.nodes.flatMap((node) => [
      ...configFaults(node).map((found) => nodeFault(node, `/config${found.pointer}`, found)),
    ]),
    ...computedSettings(view).flatMap(({ pointer, value }) =>
      malformed(value, []).map((found) => ({ ...found, pointer: `${pointer}${found.pointer}` })),
    ),
  ];
}

/** Remembered: while one node is edited, the settings of all others are the same objects as before. */
function configFaults({ config, nodeType }: ViewNode): readonly Fault[] {
  const remembered = known.get(config);
  if (remembered !== undefined && remembered.nodeType === nodeType) return remembered.faults;
  const faults = [...malformed(config, []), ...(nodeType?.checkConfig(config) ?? [])];
  known.set(config, { nodeType, faults });
  return faults;
}

function malformed(value: Json, path: readonly (string | number)[]): readonly Fault[] {
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => malformed(item, [...path, index]));
  if (!isJsonObject(value)) return [];
  const marks = ['$expr', '$tpl'].filter((mark) => Object.hasOwn(value, mark));
  if (marks.length === 0)
    return Object.entries(value).flatMap(([key, item]) => malformed(item, [...path, key]));
  const pointer = jsonPointer(path);
  if (Object.keys(value).length > 1) {
    const message = `An object with "${marks.join('" and "')}" can have no other key.`;
    return [{ level: 'refused', code: 'value_mixed', pointer, message }];
  }
  return marks
    .filter((mark) => typeof value[mark] !== 'string')
    .map((mark) => ({
      level: 'refused',
      code: 'value_not_text',
      pointer: `${pointer}/${mark}`,
      message: `"${mark}" must be text.`,
    }));
}
