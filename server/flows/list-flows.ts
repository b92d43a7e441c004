import { z } from 'zod';

import type { Page } from '#core/api/common.ts';
import type { FlowListQuery, FlowSummary } from '#core/api/flows.ts';
import { SLUG_PATTERN } from '#core/flow-format.ts';
import type { StepError } from '#core/step-failure.ts';
import { decodeCursor, exactTimeSchema, pageOf } from '#server/db/page-cursor.ts';
import { draftEtag } from '#server/flows/draft-etag.ts';
import { hookUrl } from '#server/flows/hook-url.ts';
import { TRIGGER_TYPES } from '#server/flows/trigger-node.ts';
import { subscriptionState } from '#server/flows/subscription-state.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { notFound } from '#server/problem.ts';
import { containsPattern } from '#server/sql/like-pattern.ts';
import { selectFlowSummaries, type FlowSummaryRow } from '#server/sql/select-flow-summaries.ts';

/** The workspace's flows, a page at a time. */
export async function listFlows(workspaceId: string, query: FlowListQuery): Promise<Page<FlowSummary>> {
  const { limit, sort, q } = query;
  const after = decodeCursor<{ slug?: string; updatedAt?: string; id?: string }>(
    query.cursor,
    placeSchemas[sort],
  );
  // No text column of Postgres holds a NUL.
  if (q?.includes('\0')) return { data: [], next: null };
  const pattern = q ? containsPattern(q) : undefined;
  const rows = await selectFlowSummaries({
    workspaceId,
    triggerTypes: TRIGGER_TYPES,
    pattern,
    sort,
    after,
    limit: limit + 1,
  });
  const page = pageOf(rows, limit, (row) =>
    sort === 'slug' ? { slug: row.slug } : { updatedAt: row.updated_at_exact, id: row.id },
  );
  return { data: page.data.map(toSummary), next: page.next };
}

/** One flow as lists show it. Throws 404. */
export async function readFlowSummary(workspaceId: string, slug: string): Promise<FlowSummary> {
  const rows = SLUG_PATTERN.test(slug)
    ? await selectFlowSummaries({ workspaceId, triggerTypes: TRIGGER_TYPES, slug, sort: 'slug', limit: 1 })
    : [];
  if (!rows[0]) throw notFound(`flow “${slug.slice(0, 63)}” in this workspace`);
  return toSummary(rows[0]);
}

const placeSchemas = {
  slug: z.strictObject({ slug: z.string().regex(SLUG_PATTERN) }),
  updated: z.strictObject({ updatedAt: exactTimeSchema, id: z.uuid() }),
};

function toSummary(row: FlowSummaryRow): FlowSummary {
  const hasWebhook = row.draft_trigger === 'core.webhook' || row.published_trigger === 'core.webhook';
  return {
    slug: row.slug,
    name: row.name,
    description: row.description,
    trigger: row.draft_trigger,
    publishedVersion: row.published_version,
    draftChanged: row.draft_changed,
    etag: draftEtag(row.draft_revision),
    hookUrl: hasWebhook && row.hook_token !== null ? hookUrl(row.hook_token) : null,
    nextTickAt: row.next_tick_at?.toISOString() ?? null,
    poll: row.poll && { ...row.poll, error: fromStoredJson(row.poll.error) as StepError | null },
    subscription: row.subscription && subscriptionState(row.subscription),
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
    createdAt: row.created_at.toISOString(),
    runs24h: { total: row.runs_total, failed: row.runs_failed },
  };
}
