import { drawFlow, expr } from './draw-flow.ts';
import type { Template } from './template.ts';

export const formReply: Template = {
  summary: 'Receives a form of your website and answers at once: thanks, or what is wrong with which field.',
  tags: ['webhooks', 'replies'],
  flow: drawFlow({
    slug: 'form-with-errors',
    name: 'Answer a form, with its errors',
    description: 'The body is checked by a JSON Schema. What does not fit is answered 422, field by field.',
    nodes: [
      { id: 'hook', type: 'core.webhook', label: 'Form sent', config: { respond: 'finished' } },
      {
        id: 'check',
        type: 'core.validate',
        label: 'Check the fields',
        onError: 'branch',
        config: {
          value: expr('trigger.body'),
          schema: {
            type: 'object',
            required: ['name', 'email', 'message'],
            properties: {
              name: { type: 'string', minLength: 1 },
              email: { type: 'string', format: 'email' },
              message: { type: 'string', minLength: 10, maxLength: 5000 },
            },
          },
        },
      },
      {
        id: 'thanks',
        type: 'core.respond',
        label: 'Say thanks',
        config: { status: 201, body: { ok: true, receivedAt: expr('$now()') } },
      },
      {
        id: 'wrong',
        type: 'core.respond',
        label: 'Say what is wrong',
        config: {
          status: 422,
          body: {
            ok: false,
            errors: expr(
              '[steps.check.error.detail.{ "field": $substringAfter(pointer, "/"), "says": message }]',
            ),
          },
        },
      },
    ],
    ways: ['hook > check > thanks', 'check.error > wrong'],
  }),
  helpers: [],
  trial: {
    input: { body: { name: 'Ada', email: 'not an address', message: 'Please call me back.' } },
    ends: 'succeeded',
    shows: 'The address is none, so the reply is 422 with the field “email”.',
  },
};
