import { describe, expect, it } from 'vitest';

import { useApp } from './use-app.ts';

const app = useApp();
const MESSAGES = '/gmail/v1/users/me/messages';

/** The message in a request, as mail programs read it. */
function messageIn(body: unknown): string {
  const { raw = '', message = {} } = body as { raw?: string; message?: { raw?: string } };
  return Buffer.from(raw || (message.raw ?? ''), 'base64url').toString('utf8');
}

describe('emails by Gmail', () => {
  it('are whole messages, umlauts and all', async () => {
    app.sink.reply(`${MESSAGES}/send`, { body: { id: 'm', threadId: 't' } });
    const settings = {
      to: ['Ada <ada@example.com>', 'bob@example.com'],
      bcc: ['eve@example.com'],
      subject: 'Grüße',
      text: 'Schöne Grüße',
      html: '<p>Schöne Grüße</p>',
    };
    const { requests } = await app.run('gmail.send_message', settings);
    const message = messageIn(requests[0]?.json());
    expect(message).toMatch(/^To: Ada <ada@example.com>, bob@example.com\r$/m);
    expect(message).toMatch(/^Bcc: eve@example.com\r$/m);
    expect(message).toMatch(/^Subject: =\?UTF-8\?/m);
    expect(message).toMatch(/^Content-Type: multipart\/alternative/m);
  });

  it('cannot be given a header by a line break', async () => {
    app.sink.reply(`${MESSAGES}/send`, { body: { id: 'm', threadId: 't' } });
    const settings = { to: ['ada@example.com'], subject: 'x\r\nBcc: eve@example.com', text: 'x' };
    const { requests } = await app.run('gmail.send_message', settings);
    expect(messageIn(requests[0]?.json())).not.toMatch(/^Bcc:/m);
  });

  it('answer in the conversation, to whom the sender wants', async () => {
    const headers = [
      { name: 'From', value: 'Ada <ada@example.com>' },
      { name: 'Reply-To', value: 'desk@example.com' },
      { name: 'Subject', value: 'Order' },
      { name: 'Message-Id', value: '<2@example.com>' },
      { name: 'References', value: '<1@example.com>' },
    ];
    app.sink.reply(`${MESSAGES}/m1`, { body: { id: 'm1', threadId: 't1', payload: { headers } } });
    app.sink.reply(`${MESSAGES}/send`, { body: { id: 'm2', threadId: 't1' } });
    const { requests } = await app.run('gmail.reply_to_message', { messageId: 'm1', text: 'Thanks' });
    expect(requests[1]?.json()).toMatchObject({ threadId: 't1' });
    const message = messageIn(requests[1]?.json());
    expect(message).toMatch(/^To: desk@example.com\r$/m);
    expect(message).toMatch(/^Subject: Re: Order\r$/m);
    expect(message).toMatch(/^In-Reply-To: <2@example.com>\r$/m);
    expect(message).toMatch(/^References: <1@example.com> <2@example.com>\r$/m);
  });

  it('are read out of their parts, however deep', async () => {
    const part = (mimeType: string, text: string) => ({
      mimeType,
      filename: '',
      body: { data: Buffer.from(text).toString('base64url') },
    });
    const payload = {
      mimeType: 'multipart/mixed',
      headers: [{ name: 'SUBJECT', value: 'Hi' }],
      parts: [
        {
          mimeType: 'multipart/alternative',
          filename: '',
          body: {},
          parts: [part('text/plain', 'Grüße'), part('text/html', '<p>')],
        },
        { mimeType: 'text/plain', filename: 'a.txt', body: { attachmentId: 'A1', size: 3 } },
      ],
    };
    app.sink.reply(`${MESSAGES}/m1`, {
      body: { id: 'm1', threadId: 't1', labelIds: ['INBOX'], snippet: 's', payload },
    });
    const { output } = await app.run('gmail.get_message', { messageId: 'm1' });
    expect(output).toMatchObject({
      subject: 'Hi',
      text: 'Grüße',
      html: '<p>',
      attachments: [{ id: 'A1', name: 'a.txt', type: 'text/plain', size: 3 }],
    });
  });
});
