import { ALERT_KINDS } from '#core/alerts/alert-kinds.ts';
import type { AlertKind, AlertRule, CreateAlertRule, PatchAlertRule } from '#core/api/alerts.ts';
import type { Prisma } from '#prisma/generated/client.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { prisma } from '#server/db/prisma.ts';
import { inTransaction, type Transaction } from '#server/db/transaction.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { notFound, ProblemError } from '#server/problem.ts';

/** So many rules a workspace may have: each is looked after every 10 s. */
const MAX_RULES = 100;
/** After a notice, the next one of the rule collects for 5 minutes. */
const DEFAULT_GROUP_SECONDS = 300;

const SHAPE = {
  include: {
    flow: { select: { slug: true } },
    channels: { select: { channelId: true } },
    _count: { select: { alerts: { where: { resolvedAt: null } } } },
  },
} satisfies Prisma.AlertRuleDefaultArgs;
type RuleRow = Prisma.AlertRuleGetPayload<typeof SHAPE>;

/** All rules of the workspace, oldest first. */
export async function listAlertRules(workspaceId: string): Promise<AlertRule[]> {
  const rows = await prisma().alertRule.findMany({
    where: { workspaceId },
    orderBy: { id: 'asc' },
    ...SHAPE,
  });
  return rows.map(toRule);
}

/** Makes a rule; what is left out is as its kind has it. Throws 422 with every fault, 409 when there are too many. */
export async function createAlertRule(actor: Actor, input: CreateAlertRule): Promise<AlertRule> {
  const { workspaceId } = actor;
  const { kind, channels = [], flow = null, ...settings } = input;
  const id = uuidv7();
  return inTransaction(async (tx) => {
    if ((await tx.alertRule.count({ where: { workspaceId } })) >= MAX_RULES) throw tooMany();
    const { defaults } = ALERT_KINDS[kind];
    const data = {
      ...defaults,
      groupSeconds: DEFAULT_GROUP_SECONDS,
      isUrgent: false,
      isEnabled: true,
      ...settings,
    };
    const flowId = await checkRule(tx, actor, { kind, threshold: data.threshold, flow, channels });
    await tx.alertRule.create({ data: { id, workspaceId, kind, flowId, ...data } });
    await setChannels(tx, id, channels);
    await recordAudit(tx, actor, {
      action: 'alert_rule.create',
      resource: `alert_rule:${id}`,
      detail: { kind, flow, threshold: data.threshold, channels: [...channels] },
    });
    return readRule(tx, workspaceId, id);
  });
}

/** Changes what is given. A rule that is switched off, or watches something else, ends its open alerts, and tells nobody. Throws 404 and 422. */
export async function patchAlertRule(actor: Actor, id: string, patch: PatchAlertRule): Promise<AlertRule> {
  const { workspaceId } = actor;
  return inTransaction(async (tx) => {
    const old = await readRule(tx, workspaceId, id);
    const { channels = old.channels, flow = old.flow, ...settings } = patch;
    const threshold = settings.threshold ?? old.threshold;
    const flowId = await checkRule(tx, actor, { kind: old.kind, threshold, flow, channels });
    await tx.alertRule.update({ where: { id }, data: { flowId, ...settings, checkedAt: null } });
    await tx.$executeRaw`UPDATE alert_rule SET updated_at = clock_timestamp() WHERE id = ${id}::uuid`;
    if (patch.channels) await setChannels(tx, id, channels);
    if (patch.isEnabled === false || flow !== old.flow) await endAlerts(tx, id);
    await recordAudit(tx, actor, {
      action: 'alert_rule.update',
      resource: `alert_rule:${id}`,
      detail: { kind: old.kind, ...patch },
    });
    return readRule(tx, workspaceId, id);
  });
}

/** Takes a rule away; its open alerts end, and nobody is told. Throws 404. */
export async function deleteAlertRule(actor: Actor, id: string): Promise<void> {
  await inTransaction(async (tx) => {
    const { kind, flow } = await readRule(tx, actor.workspaceId, id);
    await endAlerts(tx, id);
    await tx.alertRule.delete({ where: { id } });
    await recordAudit(tx, actor, {
      action: 'alert_rule.delete',
      resource: `alert_rule:${id}`,
      detail: { kind, flow },
    });
  });
}

/** Throws 404. */
export async function readRule(tx: Transaction, workspaceId: string, id: string): Promise<AlertRule> {
  const row = await tx.alertRule.findFirst({ where: { id, workspaceId }, ...SHAPE });
  if (!row) throw notFound('alert rule of that id in this workspace');
  return toRule(row);
}

function toRule(row: RuleRow): AlertRule {
  const { id, threshold, windowSeconds, minimumRuns, settleSeconds, groupSeconds, isUrgent, isEnabled } = row;
  return {
    ...{ id, kind: row.kind as AlertKind, flow: row.flow?.slug ?? null },
    ...{ threshold, windowSeconds, minimumRuns, settleSeconds, groupSeconds, isUrgent, isEnabled },
    channels: row.channels.map(({ channelId }) => channelId).toSorted(),
    openAlerts: row._count.alerts,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

async function endAlerts(tx: Transaction, ruleId: string): Promise<void> {
  await tx.$executeRaw`UPDATE alert SET resolved_at = clock_timestamp() WHERE rule_id = ${ruleId}::uuid AND resolved_at IS NULL`;
}

async function setChannels(tx: Transaction, ruleId: string, channels: readonly string[]): Promise<void> {
  await tx.alertRuleChannel.deleteMany({ where: { ruleId } });
  await tx.alertRuleChannel.createMany({
    data: channels.map((channelId) => ({ ruleId, channelId })),
    skipDuplicates: true,
  });
}

/** Resolves to the id of the rule's flow, null for all. Throws 422 with every fault. */
async function checkRule(
  tx: Transaction,
  { workspaceId }: Actor,
  rule: Pick<AlertRule, 'kind' | 'threshold' | 'flow' | 'channels'>,
): Promise<string | null> {
  const { label, least, most, isOfFlow } = ALERT_KINDS[rule.kind];
  const flow =
    rule.flow && (await tx.flow.findFirst({ where: { workspaceId, slug: rule.flow }, select: { id: true } }));
  const known = await tx.alertChannel.count({
    where: { workspaceId, id: { in: [...new Set(rule.channels)] } },
  });
  const isWithin = rule.threshold >= least && rule.threshold <= most;
  const errors = [
    !isWithin && { pointer: '/threshold', message: `“${label}” takes a threshold from ${least} to ${most}.` },
    !isOfFlow &&
      rule.flow && { pointer: '/flow', message: `“${label}” is of the whole workspace: leave the flow out.` },
    isOfFlow &&
      rule.flow &&
      !flow && { pointer: '/flow', message: `There is no flow “${rule.flow}” in this workspace.` },
    known < new Set(rule.channels).size && {
      pointer: '/channels',
      message: 'One of these channels does not exist (any more).',
    },
  ].filter((fault) => typeof fault === 'object' && fault !== null);
  if (errors.length === 0) return flow ? flow.id : null;
  throw new ProblemError({
    status: 422,
    code: 'invalid_alert_rule',
    title: 'The rule is not valid',
    detail: errors.map(({ message }) => message).join(' '),
    errors,
  });
}

function tooMany(): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'too_many_rules',
    title: 'Too many rules',
    detail: `A workspace has ${MAX_RULES} alert rules at most. A rule without a flow watches all of them.`,
  });
}
