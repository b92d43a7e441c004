import type { JudgeCases } from './case.ts';

export const JIRA_SITE = '11223344-a1b2-3b33-c444-def123456789';
const site = JIRA_SITE;
const issueKey = 'OPS-42';
const described = { description: 'It is slow.\nVery.\n\nSince Monday.', labels: ['shop'], priority: 'High' };
const fields = { customfield_10010: { value: 'Blue' } };

export const jiraCases: JudgeCases = {
  operations: {
    create_issue: [
      {
        site,
        project: 'OPS',
        issueType: '10001',
        summary: 'Slow',
        ...described,
        assignee: '5b10ac8d',
        fields,
      },
      { site, project: 'OPS', issueType: '10001', summary: 'Slow' },
    ],
    get_issue: [{ site, issueKey }],
    update_issue: [{ site, issueKey, summary: 'Slower', ...described, fields }],
    search_issues: [{ site, jql: 'project = OPS', fields: ['summary', 'status'], limit: 5 }],
    add_comment: [{ site, issueKey, text: 'Looking into it.' }],
    transition_issue: [{ site, issueKey, transition: '31' }],
    assign_issue: [{ site, issueKey, assignee: '5b10ac8d82e05b22cc7d4ef5' }],
  },
  lists: {
    sites: {},
    projects: { site, search: 'ops' },
    issueTypes: { site, project: 'OPS' },
    projectMembers: { site, project: 'OPS', search: 'ada' },
    assignees: { site, issueKey, search: 'ada' },
    transitions: { site, issueKey },
  },
};
