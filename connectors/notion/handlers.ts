import type { HandlerDef } from '#connectors/handle-action.ts';
import { httpHandlers } from '#connectors/kit/http-handlers.ts';
import { textOf } from '#connectors/kit/text-of.ts';
import type { Json } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import { notion } from './definition.ts';

export const notionHandlers: readonly HandlerDef[] = httpHandlers(notion, {
  encodings: { paragraphs: toBlocks },
});

/** Notion's own limit of one call. */
const MAX_BLOCKS = 100;
/** Characters; the limit is 2,000, and some count as two. */
const PIECE = /[^]{1,1000}/gu;

/** A paragraph for each line. Throws `StepFailure` for more than one call takes. */
function toBlocks(text: Json, name: string): Json {
  const lines = textOf(text).split(/\r?\n/);
  if (lines.length > MAX_BLOCKS) {
    const message = `The text has ${lines.length} lines; Notion takes ${MAX_BLOCKS} paragraphs at a time. Append the rest with another step.`;
    throw new StepFailure({ kind: 'invalid', code: 'text_too_long', message, pointer: `/config/${name}` });
  }
  return lines.map((line) => ({
    object: 'block',
    type: 'paragraph',
    paragraph: { rich_text: pieces(line) },
  }));
}

/** A line in pieces that are not too long, none of which cuts a character in two. */
function pieces(line: string): readonly Json[] {
  return (line.match(PIECE) ?? []).map((content) => ({ type: 'text', text: { content } }));
}
