import { describe, expect, test } from 'vitest';

import { messageOf, problemFromReply, unreachableProblem } from '#components/api/api-problem.ts';

const problem = {
  type: '/problems/slug_taken',
  title: 'The slug is taken',
  status: 409,
  detail: 'Choose another slug.',
  errors: [{ pointer: '/slug', message: 'There is a flow of this slug already.', code: 'slug_taken' }],
};

describe('problemFromReply', () => {
  test('reads a problem and finds the message of a field', () => {
    const read = problemFromReply(409, problem);
    expect(read).toMatchObject({ status: 409, code: 'slug_taken', title: 'The slug is taken' });
    expect(read.messageAt('/slug')).toBe('There is a flow of this slug already.');
    expect(read.messageAt('/name')).toBeUndefined();
  });

  test.each([undefined, 'Bad Gateway', { error: 'x' }, []])('makes one up for %j', (body) => {
    const read = problemFromReply(502, body);
    expect(read.status).toBe(502);
    expect(read.message).toContain('502');
  });
});

describe('messageOf', () => {
  test('prefers what is wrong with the fields', () => {
    expect(messageOf(problemFromReply(409, problem))).toBe('There is a flow of this slug already.');
  });

  test('tells that nobody answered', () => {
    const unreachable = unreachableProblem(new TypeError('fetch failed'));
    expect(unreachable).toMatchObject({ status: 0, code: 'unreachable' });
    expect(messageOf(unreachable)).toContain('cannot be reached');
  });

  test('takes anything that was thrown', () => {
    expect(messageOf(new Error('no'))).toBe('no');
    expect(messageOf('no')).toBe('no');
  });
});
