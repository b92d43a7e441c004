import { describe, expect, it } from 'vitest';

import { useApp } from './use-app.ts';

const app = useApp();

describe('plain text', () => {
  it('becomes a document of Jira’s: paragraphs and breaks, no empty text', async () => {
    app.sink.replyToAll({ body: { id: '1', created: 'now' } });
    const { requests } = await app.run('jira.add_comment', {
      site: 's',
      issueKey: 'A-1',
      text: 'One\nTwo\n\n\n\nThree\n',
    });
    expect(requests[0]?.json()).toEqual({
      body: {
        type: 'doc',
        version: 1,
        content: [
          {
            type: 'paragraph',
            content: [{ type: 'text', text: 'One' }, { type: 'hardBreak' }, { type: 'text', text: 'Two' }],
          },
          { type: 'paragraph', content: [{ type: 'text', text: 'Three' }, { type: 'hardBreak' }] },
        ],
      },
    });
  });

  it('becomes paragraphs of Notion’s, in pieces that it takes, no character cut in two', async () => {
    app.sink.replyToAll({ body: { results: [] } });
    const long = '😀'.repeat(1_500) + 'é'.repeat(1_500);
    const { requests } = await app.run('notion.append_text', { pageId: 'p', text: `One\n\n${long}` });
    const { children } = requests[0]?.json() as {
      children: { paragraph: { rich_text: { text: { content: string } }[] } }[];
    };
    const texts = children.map(({ paragraph }) => paragraph.rich_text.map(({ text }) => text.content));
    expect(texts.slice(0, 2)).toEqual([['One'], []]);
    expect(texts[2]?.join('')).toBe(long);
    for (const piece of texts[2] ?? []) {
      expect(piece.length).toBeLessThanOrEqual(2_000);
      expect(piece.isWellFormed()).toBe(true);
    }
  });

  it('of more lines than Notion takes is refused, and nothing is sent', async () => {
    const failure = await app.failureOf('notion.append_text', { pageId: 'p', text: 'x\n'.repeat(101) });
    expect(failure).toMatchObject({ kind: 'invalid', code: 'text_too_long', pointer: '/config/text' });
  });
});

describe('files of GitHub', () => {
  it.each([
    ['a folder', [{ path: 'docs/a.md' }], /folder/],
    ['something larger', { path: 'a', encoding: 'none', content: '' }, /no content/],
  ])('are no %s', async (_, body, words) => {
    app.sink.reply('/repos/o/r/contents/docs', { body });
    const failure = await app.failureOf('github.get_file', { repository: 'o/r', path: 'docs' });
    expect(failure).toMatchObject({
      kind: 'invalid',
      code: 'not_a_file',
      message: expect.stringMatching(words) as string,
    });
  });
});

describe('what vendors say', () => {
  it.each<[string, Record<string, unknown>, object, object]>([
    [
      'slack.find_user',
      { email: 'a@b.c' },
      { ok: false, error: 'users_not_found' },
      { kind: 'invalid', code: 'vendor_refused' },
    ],
    ['slack.find_user', { email: 'a@b.c' }, { ok: false, error: 'ratelimited' }, { kind: 'throttled' }],
    ['slack.find_user', { email: 'a@b.c' }, { ok: false, error: 'token_expired' }, { kind: 'auth' }],
    ['slack.find_user', { email: 'a@b.c' }, { ok: false, error: 'internal_error' }, { kind: 'transient' }],
  ])('%s %j', async (type, settings, body, wanted) => {
    app.sink.replyToAll({ body });
    expect(await app.failureOf(type, settings as { email: string })).toMatchObject(wanted);
  });

  it('lacks the scope that Slack names', async () => {
    app.sink.replyToAll({ body: { ok: false, error: 'missing_scope', needed: 'chat:write' } });
    const failure = await app.failureOf('slack.post_message', { channel: 'C', text: 'x' });
    expect(failure.message).toBe(
      'Slack refused the call (missing_scope): chat:write. The app lacks a scope: connect the account again to grant it.',
    );
  });

  it('lists the errors of Salesforce', async () => {
    app.sink.replyToAll({
      status: 400,
      body: [{ message: 'Required fields are missing: [LastName]', errorCode: 'REQUIRED_FIELD_MISSING' }],
    });
    const failure = await app.failureOf('salesforce.create_record', {
      object: 'Contact',
      fields: { Email: 'a@b.c' },
    });
    expect(failure.message).toMatch(/LastName/);
  });

  it('repeats a busy row of Salesforce, and waits for its limit', async () => {
    const body = (errorCode: string) => ({ status: 400, body: [{ message: 'x', errorCode }] });
    app.sink.replyToAll(body('UNABLE_TO_LOCK_ROW'));
    expect(await app.failureOf('salesforce.query', { soql: 'x' })).toMatchObject({ kind: 'transient' });
    app.sink.replyToAll(body('REQUEST_LIMIT_EXCEEDED'));
    expect(await app.failureOf('salesforce.query', { soql: 'x' })).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 900_000,
    });
  });
});
