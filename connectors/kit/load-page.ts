import type { Json, JsonObject } from '#core/json.ts';
import { type CallContext, fillCall } from './build-call.ts';
import type { OptionLoader } from './http-call.ts';
import { type CallFacts, sendCall } from './make-call.ts';
import { readEach } from './pointer.ts';
import { type PageMark, pageParts, readPage, type ReadPage } from './read-pages.ts';

/** One page of a live list. Throws `StepFailure` in the vendor's words. */
export async function loadPage(
  {
    connector,
    loader,
    mark,
  }: { readonly connector: CallFacts; readonly loader: OptionLoader; readonly mark: PageMark },
  settings: JsonObject,
  context: CallContext,
): Promise<ReadPage> {
  const { call } = loader;
  const parts = fillCall(call, settings);
  const { paging } = call;
  if (!paging) {
    const { body } = await sendCall(connector, parts, context);
    return { items: listOf(readEach(body, call.pick ?? '')), next: null };
  }
  const asked = pageParts({ ...parts, paging }, { mark, size: paging.size.most });
  return readPage({ call, paging }, { mark, reply: await sendCall(connector, asked, context) });
}

function listOf(found: Json | undefined): readonly Json[] {
  return Array.isArray(found) ? (found as readonly Json[]) : [];
}
