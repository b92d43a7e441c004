import { randomUUID } from 'node:crypto';

import { renderToStaticMarkup } from 'react-dom/server';
import { createElement } from 'react';
import { beforeAll, describe, expect, test } from 'vitest';

import { LinkedApprovalCard } from '../../app/approve/[token]/linked-approval-card.tsx';
import type { Question } from '#connectors/contract.ts';
import type { Role } from '#core/api/common.ts';
import { askApproval } from '#server/approvals/ask-approval.ts';
import { decideByLink } from '#server/approvals/decide-by-link.ts';
import { expireApproval } from '#server/approvals/expire-approval.ts';
import { findByLink } from '#server/approvals/find-by-link.ts';
import { handleLinkDecision } from '#server/approvals/handle-link-decision.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { prisma } from '#server/db/prisma.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { jsonEvent } from '#server/runs/manual-event.ts';
import { insertRun } from '#server/sql/insert-run.ts';
import { makeApiKey, makeSession, makeUser } from '#test/support/people.ts';
import { manualFlow } from '#test/support/sample-flows.ts';
import { makeApiWorkspace, useApi } from '#test/support/use-api.ts';

process.env['PATCHBAY_SMTP_URL'] = 'smtp://127.0.0.1:1';
process.env['PATCHBAY_MAIL_FROM'] = 'Patchbay <flows@example.com>';

const api = useApi();
let flow: { id: string; slug: string; name: string };
let version: { id: string; number: number | null };

beforeAll(async () => {
  await api.call('PUT /flows/asks', manualFlow('asks'));
  await api.call('POST /flows/asks/publish');
  flow = await prisma().flow.findFirstOrThrow({ where: { slug: 'asks' } });
  version = await prisma().flowVersion.findFirstOrThrow({ where: { flowId: flow.id } });
});

interface Asked {
  readonly id: string;
  readonly runId: string;
  /** By address. */
  readonly tokens: Readonly<Record<string, string>>;
}

/** A run that waits for an answer, as a worker leaves it. */
async function ask(rest: Partial<Question> = {}): Promise<Asked> {
  const runId = uuidv7();
  const { workspaceId } = api;
  await inClientTransaction((client) =>
    insertRun(client, {
      runId,
      eventId: uuidv7(),
      workspaceId,
      flow,
      version,
      kind: 'manual',
      event: jsonEvent({}),
    }),
  );
  await prisma().run.update({
    where: { id: runId },
    data: { status: 'waiting', wakeAt: null, startedAt: new Date() },
  });
  const step = { workspaceId, runId, nodeId: 'ask', key: '' };
  const question = { question: 'Ship it?', approvers: { role: 'operator' }, expiresAt: null, ...rest };
  const { approvalId } = await askApproval(step, question);
  await prisma().step.create({
    data: { runId, nodeId: 'ask', status: 'waiting', waitingFor: 'approval', startedAt: new Date() },
  });
  expect(await askApproval(step, question)).toEqual({ approvalId });
  const mails = await prisma().email.findMany({ orderBy: { id: 'desc' }, take: 20 });
  const links = await prisma().approvalLink.findMany({ where: { approvalId } });
  const tokens = links.map(({ email }) => {
    const mail = mails.find(({ recipient }) => recipient === email);
    return [email, /\/approve\/([\w-]+)/.exec(mail?.body ?? '')?.[1] ?? ''] as const;
  });
  return { id: approvalId, runId, tokens: Object.fromEntries(tokens) };
}

const rowOf = (id: string) => prisma().approval.findUniqueOrThrow({ where: { id } });
const signalsOf = (runId: string) => prisma().signal.findMany({ where: { runId } });

function decide(id: string, decision: string, key?: string, comment?: string) {
  return api.call(
    `POST /approvals/${id}/decide`,
    { decision, ...(comment && { comment }) },
    key ? { key } : {},
  );
}

describe('a decision', () => {
  test('counts once: who, when and the comment are kept, signalled and audited, and the run is due', async () => {
    const { id, runId } = await ask();
    const reply = await decide(id, 'approved', undefined, 'Looks good.');
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      id,
      status: 'approved',
      decidedBy: 'owner key',
      comment: 'Looks good.',
      canDecide: false,
      flow: 'asks',
      runId,
    });
    const [signal] = await signalsOf(runId);
    expect(signal!.payload).toEqual({
      decision: 'approved',
      by: 'owner key',
      comment: 'Looks good.',
      at: reply.body.decidedAt as string,
    });
    const run = await prisma().run.findUniqueOrThrow({ where: { id: runId } });
    expect(run).toMatchObject({ signals: 1 });
    expect(run.wakeAt).toBeInstanceOf(Date);
    const audit = await prisma().auditEntry.findFirstOrThrow({ where: { resource: `approval:${id}` } });
    expect(audit).toMatchObject({
      action: 'approval.approve',
      detail: { flow: 'asks', run: runId, node: 'ask' },
    });
    const again = await decide(id, 'rejected');
    expect(again.status).toBe(409);
    expect(again.body.detail).toContain('owner key approved it');
    expect(await rowOf(id)).toMatchObject({ decision: 'approved' });
  });

  test('of 50 at the same moment exactly one wins; the others are told who did', async () => {
    const { id, runId, tokens } = await ask({ approvers: { emails: ['a@example.com', 'b@example.com'] } });
    const byApi = Array.from({ length: 30 }, (_, n) => decide(id, n % 2 ? 'approved' : 'rejected'));
    const byLink = Array.from({ length: 20 }, (_, n) =>
      decideByLink(
        tokens[n % 2 ? 'a@example.com' : 'b@example.com']!,
        { decision: n % 3 ? 'approved' : 'rejected', comment: `${n}` },
        { address: '127.0.0.1' },
      ),
    );
    const replies = await Promise.all(byApi);
    const decided = await Promise.all(byLink);
    const winners = [
      ...replies.filter(({ status }) => status === 200).map(({ body }) => [body.status, body.comment]),
      ...decided.flatMap((one, n) =>
        one.kind === 'decided' ? [[n % 3 ? 'approved' : 'rejected', `${n}`]] : [],
      ),
    ];
    expect(winners).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 409).length + winners.length).toBeGreaterThanOrEqual(30);
    const row = await rowOf(id);
    expect([row.decision, row.comment]).toEqual(winners[0]);
    for (const { status, body } of replies)
      if (status === 409) expect(body.detail).toContain(`${row.decidedByName} ${row.decision}`);
    const signals = await signalsOf(runId);
    expect(signals).toHaveLength(1);
    expect(signals[0]!.payload).toMatchObject({ decision: row.decision, by: row.decidedByName });
    expect(await prisma().auditEntry.count({ where: { resource: `approval:${id}` } })).toBe(1);
  });

  test('is for those who are asked, and for owners and admins', async () => {
    const { workspaceId } = api;
    const keys = Object.fromEntries(
      await Promise.all(
        (['admin', 'editor', 'operator', 'viewer'] as Role[]).map(
          async (role) => [role, await makeApiKey(workspaceId, role)] as const,
        ),
      ),
    ) as Record<Role, string>;
    const forEditors = await ask({ approvers: { role: 'editor' } });
    for (const role of ['operator', 'viewer'] as const) {
      expect(
        (await api.call(`GET /approvals/${forEditors.id}`, undefined, { key: keys[role] })).body.canDecide,
      ).toBe(false);
      const reply = await decide(forEditors.id, 'approved', keys[role]);
      expect([reply.status, reply.body.type]).toEqual([403, '/problems/not_asked']);
    }
    expect((await decide(forEditors.id, 'approved', keys.editor)).status).toBe(200);

    const viewer = await makeUser(workspaceId, 'viewer');
    const editor = await makeUser(workspaceId, 'editor');
    const byName = await ask({ approvers: { emails: [viewer.email.toUpperCase()] } });
    const editorCookie = await makeSession(editor.id);
    expect(
      (
        await api.call(
          `POST /approvals/${byName.id}/decide`,
          { decision: 'approved' },
          { key: undefined, cookie: editorCookie },
        )
      ).status,
    ).toBe(403);
    const cookie = await makeSession(viewer.id);
    const reply = await api.call(
      `POST /approvals/${byName.id}/decide`,
      { decision: 'rejected' },
      { key: undefined, cookie },
    );
    expect(reply.body).toMatchObject({ status: 'rejected', decidedBy: viewer.email });

    const forOwner = await ask({ approvers: { emails: ['someone@example.com'] } });
    expect((await decide(forOwner.id, 'approved', keys.admin)).status).toBe(200);
    const elsewhere = await makeApiWorkspace();
    const open = await ask();
    expect((await decide(open.id, 'approved', elsewhere.key)).status).toBe(404);
    expect((await decide(randomUUID(), 'approved')).status).toBe(404);
    expect((await rowOf(open.id)).decision).toBeNull();
  });

  test('for a run that has ended, or a step that went on, is refused', async () => {
    const ended = await ask();
    await prisma().run.update({
      where: { id: ended.runId },
      data: { status: 'cancelled', finishedAt: new Date() },
    });
    expect(
      (await api.call('GET /approvals?status=open&limit=200')).body.data.map(({ id }: Asked) => id),
    ).not.toContain(ended.id);
    const reply = await decide(ended.id, 'approved');
    expect([reply.status, reply.body.detail]).toEqual([
      409,
      expect.stringContaining('before anybody decided'),
    ]);
    expect((await rowOf(ended.id)).decision).toBe('cancelled');
    const stopped = await ask();
    await prisma().step.updateMany({ where: { runId: stopped.runId }, data: { status: 'cancelled' } });
    expect((await api.call(`GET /approvals/${stopped.id}`)).body.status).toBe('cancelled');
    expect((await decide(stopped.id, 'approved')).status).toBe(409);
    expect(await signalsOf(stopped.runId)).toEqual([]);
  });
});

describe('expiry', () => {
  test('closes the approval; who comes later is told', async () => {
    const { id } = await ask({ expiresAt: Date.now() - 1_000 });
    const late = await decide(id, 'approved');
    expect([late.status, late.body.detail]).toEqual([409, expect.stringContaining('expired')]);
    expect((await rowOf(id)).decision).toBe('expired');
    expect(await expireApproval(id)).toBeNull();
  });

  test('gives way to a decision that was faster; row and answer agree, whoever wins', async () => {
    const { id } = await ask({ expiresAt: Date.now() + 60_000 });
    await decide(id, 'rejected');
    expect(await expireApproval(id)).toMatchObject({ decision: 'rejected', by: 'owner key', comment: null });
    for (let round = 0; round < 10; round++) {
      const raced = await ask({ expiresAt: Date.now() + 60_000 });
      const [answer, reply] = await Promise.all([expireApproval(raced.id), decide(raced.id, 'approved')]);
      const row = await rowOf(raced.id);
      expect(row.decision).toBe(answer ? 'approved' : 'expired');
      expect(reply.status).toBe(answer ? 200 : 409);
      expect(await signalsOf(raced.runId)).toHaveLength(answer ? 1 : 0);
    }
  });
});

describe('a mailed link', () => {
  test('shows the question, decides by POST alone, once, and says what came of it to both', async () => {
    const { id, tokens } = await ask({ approvers: { emails: ['a@example.com', 'b@example.com'] } });
    const [first, second] = [tokens['a@example.com']!, tokens['b@example.com']!];
    expect(first).toHaveLength(43);
    const { tokenHash } = await prisma().approvalLink.findFirstOrThrow({ where: { approvalId: id } });
    expect(Buffer.from(tokenHash)).toHaveLength(32);
    expect(await findByLink(first)).toMatchObject({
      email: 'a@example.com',
      outcome: null,
      question: 'Ship it?',
    });
    expect((await rowOf(id)).decision).toBeNull();
    const post = (token: string, form: Record<string, string>) => {
      const body = new URLSearchParams(form).toString();
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(body.length),
        'x-patchbay-address': '192.0.2.7',
      };
      return handleLinkDecision(
        new Request(`http://x/approve/${token}/decide`, { method: 'POST', body, headers }),
        token,
      );
    };
    expect((await post(first, { decision: 'perhaps' })).status).toBe(400);
    const reply = await post(first, { decision: 'approved', comment: 'Fine' });
    expect([reply.status, reply.headers.get('location')]).toEqual([303, `/approve/${first}`]);
    expect(await rowOf(id)).toMatchObject({
      decision: 'approved',
      decidedBy: 'link:a@example.com',
      decidedByName: 'a@example.com',
      comment: 'Fine',
    });
    const audit = await prisma().auditEntry.findFirstOrThrow({ where: { resource: `approval:${id}` } });
    expect(audit).toMatchObject({ actor: 'link:a@example.com', address: '192.0.2.7' });
    const late = await post(second, { decision: 'rejected' });
    expect(late.headers.get('location')).toBe(`/approve/${second}?late`);
    expect(await findByLink(second)).toMatchObject({ outcome: 'approved', decidedBy: 'a@example.com' });
    const links = await prisma().approvalLink.findMany({
      where: { approvalId: id },
      orderBy: { email: 'asc' },
    });
    expect(links.map(({ usedAt }) => usedAt !== null)).toEqual([true, false]);
  });

  test('of no approval leads nowhere', async () => {
    expect(await findByLink('nothing')).toBeNull();
    const verdict = { decision: 'approved', comment: null } as const;
    expect(await decideByLink('nothing', verdict, { address: '' })).toEqual({ kind: 'unknown' });
  });

  test('has a page for every state, with a plain form while it is open', async () => {
    const page = (approval: Awaited<ReturnType<typeof findByLink>>, isLate = false) =>
      renderToStaticMarkup(
        createElement(LinkedApprovalCard, { approval, isLate, action: '/approve/t/decide' }),
      );
    const expiresAt = new Date('2026-11-24T10:00:00Z');
    const open = {
      email: 'a@example.com',
      question: 'Ship <b>it</b>?',
      flowName: 'Orders',
      outcome: null,
      decidedBy: null,
      decidedAt: null,
      comment: null,
      expiresAt,
    };
    const html = page(open);
    expect(html).toContain('action="/approve/t/decide" method="post"');
    expect(html).toContain('Ship &lt;b&gt;it&lt;/b&gt;?');
    expect(html).toContain('Open until 2026-11-24 10:00 UTC');
    for (const value of ['approved', 'rejected'])
      expect(html).toMatch(
        new RegExp(`name="decision"[^>]*value="${value}"|value="${value}"[^>]*name="decision"`),
      );
    const decided = { ...open, decidedBy: 'b@example.com', decidedAt: expiresAt, comment: 'No.' };
    expect(page({ ...decided, outcome: 'rejected' }, true)).toContain('came too late and was not counted');
    expect(page({ ...decided, outcome: 'rejected' })).toContain(
      'b@example.com rejected this at 2026-11-24 10:00 UTC',
    );
    expect(page({ ...decided, decidedBy: 'a@example.com', outcome: 'approved' })).toContain(
      'You approved this',
    );
    expect(page({ ...open, outcome: 'expired' })).toContain('Nobody decided in time');
    expect(page({ ...open, outcome: 'cancelled' })).toContain('nothing left to do');
    expect(page(null)).toContain('This link leads nowhere');
    for (const outcome of ['approved', 'rejected', 'expired', 'cancelled'] as const)
      expect(page({ ...decided, outcome })).not.toContain('<form');
  });
});

describe('the list', () => {
  test('gives pages, open or decided, of a flow or a run', async () => {
    const made: Asked[] = [];
    for (let n = 0; n < 3; n++) made.push(await ask());
    await decide(made[0]!.id, 'approved');
    const open = (await api.call('GET /approvals?status=open&limit=200')).body.data.map(
      ({ id }: Asked) => id,
    );
    expect(open).toEqual(expect.arrayContaining([made[1]!.id, made[2]!.id]));
    expect(open).not.toContain(made[0]!.id);
    const closed = (await api.call('GET /approvals?status=decided&limit=200')).body.data.map(
      ({ id }: Asked) => id,
    );
    expect(closed).toContain(made[0]!.id);
    const ofRun = await api.call(`GET /approvals?run=${made[1]!.runId}`);
    expect(ofRun.body).toMatchObject({
      data: [{ id: made[1]!.id, status: 'open', canDecide: true }],
      next: null,
    });
    expect((await api.call('GET /approvals?flow=nothing')).body.data).toEqual([]);
    const first = (await api.call('GET /approvals?limit=2')).body;
    const second = (await api.call(`GET /approvals?limit=2&cursor=${first.next}`)).body;
    expect(first.data.map(({ id }: Asked) => id)).toEqual([made[2]!.id, made[1]!.id]);
    expect(second.data[0].id).toBe(made[0]!.id);
    const run = (await api.call(`GET /runs/${made[1]!.runId}`)).body;
    expect(run.steps[0]).toMatchObject({
      waitingFor: 'approval',
      approvalId: made[1]!.id,
      calledRunId: null,
      logs: [],
    });
  });
});
