import type { OpenConnection } from '#connectors/contract.ts';
import { type HandlerDef, handleAction } from '#connectors/handle-action.ts';
import { composeMail } from './compose-mail.ts';
import { sendInput } from './definition.ts';
import { deliverMail, type MailServer } from './deliver-mail.ts';

const PORTS = { tls: 465, starttls: 587, none: 25 } as const;

export const smtpHandlers: readonly HandlerDef[] = [
  handleAction('smtp.send@1', sendInput, async (input, context) => {
    const fields = context.connection?.fields ?? {};
    const mail = await composeMail(input, {
      from: fields['from'] ?? '',
      idempotencyKey: context.idempotencyKey,
    });
    const delivery = await deliverMail(mail, serverOf(fields), context);
    return { output: { messageId: mail.messageId, ...structuredClone(delivery) } };
  }),
];

function serverOf(fields: OpenConnection['fields']): MailServer {
  const security = (fields['security'] ?? 'starttls') as MailServer['security'];
  const { host = '', port, user, password, ca } = fields;
  return {
    host,
    port: port ? Number(port) : PORTS[security],
    security,
    login: user === undefined ? null : { user, password: password ?? '' },
    ca,
  };
}
