import type { FlowDocument } from '#core/flow-document.ts';
import type { JsonObject } from '#core/json.ts';
import type { Example } from './example.ts';
import { code, jsonBlock, plain } from './markdown.ts';

/** An example as pages tell it: the flow, what starts it, what the far end says, and what comes of it. */
export function exampleText({
  about,
  flow,
  connections,
  otherFlows,
  start,
  far,
  decide,
  expect,
}: Example): string {
  return [
    plain(about),
    jsonBlock(shortFlow(flow)),
    ...Object.entries(connections).map(
      ([connector, slug]) => `${code(slug)} is a connection to an account of the kind ${code(connector)}.`,
    ),
    ...otherFlows.flatMap((other) => [
      `It needs this flow, published as ${code(other.slug)}:`,
      jsonBlock(shortFlow(other)),
    ]),
    startText(start),
    ...far.map(
      ({ request, reply }) =>
        `The far end answers ${code(`${request.method} ${request.path}`)} with ${reply.status}:\n\n${jsonBlock(reply.body)}`,
    ),
    decide ? `Somebody decides: ${decide.decision}, “${plain(decide.comment)}”.` : '',
    ...expectTexts(expect),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The document without what is empty anyway. */
function shortFlow({ format, name, slug, settings, nodes, edges }: FlowDocument): JsonObject {
  const rest = Object.keys(settings).length > 0 ? { settings } : {};
  return JSON.parse(JSON.stringify({ format, name, slug, ...rest, nodes, edges })) as JsonObject;
}

function startText(start: Example['start']): string {
  if ('input' in start) return `Started by hand with this input:\n\n${jsonBlock(start.input)}`;
  if ('tick' in start) return 'Its time comes.';
  const { method, query, headers, body } = start.webhook;
  const sent = Object.entries(headers).map(([name, value]) => `${code(`${name}: ${value}`)}`);
  const carried = sent.length > 0 ? ` with ${sent.join(', ')}` : '';
  return `It is called by ${code(`${method} /hooks/…${query}`)}${carried}:\n\n${jsonBlock(body)}`;
}

function expectTexts({
  status,
  output,
  error,
  ports: taken,
  calls = [],
  reply,
}: Example['expect']): readonly string[] {
  return [
    ...calls.map(({ method, path, body }) => {
      const line = `Then ${code(`${method} ${path}`)} arrives at the far end`;
      return body === undefined ? `${line}.` : `${line}:\n\n${jsonBlock(body)}`;
    }),
    reply ? `The caller is answered ${reply.status}:\n\n${jsonBlock(reply.body)}` : '',
    taken ? `It goes on by ${taken.length === 0 ? 'no port' : taken.map(code).join(', ')}.` : '',
    output === undefined
      ? `The run ends ${code(status)}.`
      : `The run ends ${code(status)} with the output:\n\n${jsonBlock(output)}`,
    error === undefined ? '' : `Its error, among other things:\n\n${jsonBlock(error)}`,
  ];
}
