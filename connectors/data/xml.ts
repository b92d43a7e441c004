import { z } from 'zod';

import type { ActionDef } from '#connectors/contract.ts';
import { jsonSchema } from '#core/flow-document.ts';

/** Reading holds the worker up for the time it takes, so the text is limited to what takes a second or two. */
const MAX_XML = 1_000_000;

const attributePrefix = z
  .string()
  .regex(/^[A-Za-z_@$-]{1,10}$/, 'write one to ten letters or one of _ @ $ -')
  .default('_')
  .meta({
    title: 'Prefix of attributes',
    help: 'So that an attribute and an element of the same name stay apart: <order id="7"> has the field _id.',
    advanced: true,
  });

const textName = z.string().min(1).max(50).default('__text').meta({
  title: 'Name of texts',
  help: 'The field for the text of an element that has attributes or other elements, too.',
  advanced: true,
});

/** Settings of `data.parse_xml`. */
export const parseXmlInput = z.strictObject({
  text: z.string().max(MAX_XML).meta({ title: 'Text', placeholder: 'trigger.body', widget: 'expression' }),
  lists: z.array(z.string().min(1)).max(200).default([]).meta({
    title: 'Always lists',
    help: 'Elements that are a list even when there is one of them: a name such as item, or a path such as order.items.item.',
  }),
  values: z.enum(['text', 'guess']).default('text').meta({
    title: 'Values',
    help: 'Text: as they stand. Guess: plain numbers, true and false become such; 007 stays a text.',
  }),
  namespaces: z.enum(['keep', 'drop']).default('keep').meta({
    title: 'Namespaces',
    help: 'Keep: the field is called soap:Body. Drop: Body.',
  }),
  attributePrefix,
  textName,
});

/** Settings of `data.build_xml`. */
export const buildXmlInput = z.strictObject({
  root: z.string().min(1).max(200).optional().meta({
    title: 'Root element',
    help: 'Its name. Left empty, the value must be an object with one field, which is the root.',
    placeholder: 'order',
  }),
  value: z.unknown().meta({
    title: 'Value',
    help: 'Fields become elements, lists repeat their element, fields with the prefix become attributes.',
    widget: 'value',
  }),
  declaration: z
    .boolean()
    .default(true)
    .meta({ title: 'Declaration', help: 'Starts with <?xml version="1.0" encoding="UTF-8"?>.' }),
  indent: z.boolean().default(false).meta({ title: 'Indent', help: 'One element a line.' }),
  attributePrefix,
  textName,
});

export const parseXml: ActionDef = {
  kind: 'action',
  id: 'parse_xml',
  version: 1,
  label: 'Parse XML',
  summary: 'Reads an XML text into an object.',
  icon: 'file-code',
  effect: 'pure',
  input: parseXmlInput,
  output: z.record(z.string(), jsonSchema),
  sample: { order: { _id: '1042', customer: 'Ada', item: [{ _sku: 'A-1', __text: '2' }] } },
  initialConfig: { text: { $expr: 'trigger.body' } },
};

export const buildXml: ActionDef = {
  kind: 'action',
  id: 'build_xml',
  version: 1,
  label: 'Build XML',
  summary: 'Writes a value as an XML text.',
  icon: 'code-xml',
  effect: 'pure',
  input: buildXmlInput,
  output: z.string(),
  sample: '<?xml version="1.0" encoding="UTF-8"?>\n<order id="1042"><customer>Ada</customer></order>',
  initialConfig: { root: 'order', value: {} },
};
