import type { HandlerDef } from '#connectors/handle-action.ts';
import { httpHandlers } from '#connectors/kit/http-handlers.ts';
import { textOf } from '#connectors/kit/text-of.ts';
import type { Json } from '#core/json.ts';
import { jira } from './definition.ts';

export const jiraHandlers: readonly HandlerDef[] = httpHandlers(jira, {
  encodings: { document: toDocument },
});

/** A plain text in Atlassian's document format: paragraphs where empty lines are, breaks where lines end. */
function toDocument(text: Json): Json {
  const paragraphs = textOf(text).split(/\r?\n[ \t]*(?:\r?\n[ \t]*)+/);
  return {
    type: 'doc',
    version: 1,
    content: paragraphs.map((paragraph) => ({ type: 'paragraph', content: linesOf(paragraph) })),
  };
}

/** A text node must not be empty. */
function linesOf(paragraph: string): readonly Json[] {
  return paragraph
    .split(/\r?\n/)
    .flatMap((line, index): readonly Json[] => [
      ...(index === 0 ? [] : [{ type: 'hardBreak' }]),
      ...(line === '' ? [] : [{ type: 'text', text: line }]),
    ]);
}
