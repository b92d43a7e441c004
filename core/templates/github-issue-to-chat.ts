import { drawFlow, expr, tpl } from './draw-flow.ts';
import type { Template } from './template.ts';

export const gitHubIssueToChat: Template = {
  summary: 'Tells a team’s chat when somebody opens an issue; only what GitHub has signed gets in.',
  tags: ['webhooks'],
  flow: drawFlow({
    slug: 'github-issues-to-chat',
    name: 'GitHub issues to chat',
    description: 'A signed GitHub webhook. Only issues that were opened go on, as a message to a chat.',
    nodes: [
      {
        id: 'hook',
        type: 'core.webhook',
        label: 'GitHub webhook',
        config: { verify: { scheme: 'github' } },
      },
      {
        id: 'opened',
        type: 'core.filter',
        label: 'Only opened ones',
        config: { condition: expr('trigger.body.action = "opened"') },
      },
      {
        id: 'message',
        type: 'core.map',
        label: 'Write the message',
        config: {
          output: {
            text: tpl(
              '{{ trigger.body.issue.user.login }} opened #{{ trigger.body.issue.number }} in {{ trigger.body.repository.full_name }}: {{ trigger.body.issue.title }}',
            ),
          },
        },
      },
      {
        id: 'tell',
        type: 'http.request',
        label: 'Tell the chat',
        config: { method: 'POST', url: 'https://api.example.com/chat', body: expr('steps.message') },
      },
    ],
    ways: ['hook > opened > message > tell'],
  }),
  helpers: [],
  trial: {
    input: {
      headers: { 'x-github-event': 'issues' },
      body: {
        action: 'opened',
        issue: { number: 12, title: 'Dark mode flickers', user: { login: 'ada' } },
        repository: { full_name: 'analytical/engine' },
      },
    },
    ends: 'succeeded',
    shows: 'The issue becomes one line in your chat.',
  },
};
