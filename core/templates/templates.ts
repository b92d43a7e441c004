import { contactToDeal } from './contact-to-deal.ts';
import { contactsToCsv } from './contacts-to-csv.ts';
import { csvToJson } from './csv-to-json.ts';
import { dailyDigest } from './daily-digest.ts';
import { dealApproval } from './deal-approval.ts';
import { deduplicateEvents } from './deduplicate-events.ts';
import { enrichOrder } from './enrich-order.ts';
import { expenseApproval } from './expense-approval.ts';
import { failureLog } from './failure-log.ts';
import { fallbackPath } from './fallback-path.ts';
import { fanOut } from './fan-out.ts';
import { formReply } from './form-reply.ts';
import { gitHubIssueToChat } from './github-issue-to-chat.ts';
import { handoverWonDeal } from './handover-won-deal.ts';
import { importRows } from './import-rows.ts';
import { orderLines } from './order-lines.ts';
import { paginateApi } from './paginate-api.ts';
import { pollWithCursor } from './poll-with-cursor.ts';
import { rateLimitedBatch } from './rate-limited-batch.ts';
import { stripeCheckoutToDeal } from './stripe-checkout-to-deal.ts';
import { switchByCountry } from './switch-by-country.ts';
import { syncBothWays } from './sync-both-ways.ts';
import type { Template } from './template.ts';
import { undoOnFailure } from './undo-on-failure.ts';
import { upsertContact } from './upsert-contact.ts';
import { waitAndRemind } from './wait-and-remind.ts';
import { webhookToApi } from './webhook-to-api.ts';
import { xmlOrder } from './xml-order.ts';

/** All templates, as the gallery shows them: those that work without anything come first. */
export const TEMPLATES: readonly Template[] = [
  formReply,
  expenseApproval,
  orderLines,
  switchByCountry,
  csvToJson,
  deduplicateEvents,
  failureLog,
  waitAndRemind,
  xmlOrder,
  contactToDeal,
  dealApproval,
  dailyDigest,
  upsertContact,
  undoOnFailure,
  importRows,
  enrichOrder,
  handoverWonDeal,
  contactsToCsv,
  fanOut,
  syncBothWays,
  webhookToApi,
  fallbackPath,
  rateLimitedBatch,
  paginateApi,
  pollWithCursor,
  gitHubIssueToChat,
  stripeCheckoutToDeal,
];

/** A template by its id, the slug of its flow. */
export function findTemplate(id: string): Template | undefined {
  return TEMPLATES.find(({ flow }) => flow.slug === id);
}
