import { type Fault, jsonPointer } from '../fault.ts';
import { type Json, isJsonObject } from '../json.ts';
import { type FlowView, nodeFault } from './flow-view.ts';

/** Settings against the operations that they are for, and `$expr` and `$tpl` that are not written as they must be. */
export function checkValues(view: FlowView): readonly Fault[] {
  const key = view.settings.concurrency?.key;
  return [
    ...view.nodes.flatMap((node) => [
      ...malformed(node.config, []).map((found) => nodeFault(node, `/config${found.place}`, found)),
      ...(node.nodeType?.checkConfig(node.config) ?? []).map((found) =>
        nodeFault(node, `/config${found.pointer}`, found),
      ),
    ]),
    ...(key === undefined ? [] : malformed(key, [])).map(({ place, level, code, message }) => ({
      level,
      code,
      pointer: `/settings/concurrency/key${place}`,
      message,
    })),
  ];
}

type Malformed = Pick<Fault, 'level' | 'code' | 'message'> & { readonly place: string };

function malformed(value: Json, path: readonly (string | number)[]): readonly Malformed[] {
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => malformed(item, [...path, index]));
  if (!isJsonObject(value)) return [];
  const marks = ['$expr', '$tpl'].filter((mark) => Object.hasOwn(value, mark));
  if (marks.length === 0)
    return Object.entries(value).flatMap(([key, item]) => malformed(item, [...path, key]));
  const place = jsonPointer(path);
  if (Object.keys(value).length > 1) {
    const message = `An object with "${marks.join('" and "')}" can have no other key.`;
    return [{ level: 'refused', code: 'value_mixed', place, message }];
  }
  return marks
    .filter((mark) => typeof value[mark] !== 'string')
    .map((mark) => ({
      level: 'refused',
      code: 'value_not_text',
      place: `${place}/${mark}`,
      message: `"${mark}" must be text.`,
    }));
}
