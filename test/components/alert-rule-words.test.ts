import { expect, test } from 'vitest';

import { conditionInWords, recommendedRules } from '#components/alerts/rule-words.ts';
import { ALERT_KINDS } from '#core/alerts/alert-kinds.ts';
import { alertKindSchema, createAlertRuleSchema, type AlertKind } from '#core/api/alerts.ts';

const words = (kind: AlertKind) => conditionInWords({ kind, ...ALERT_KINDS[kind].defaults });

test('a rule says in a line what sets it off', () => {
  expect(words('error_rate')).toBe('20 % or more, over 15 min, from 10 runs on');
  expect(words('dead_letters')).toBe('One or more, over 1 h');
  expect(words('connection')).toBe('7 days left, or less');
  expect(words('worker_gone')).toBe('30 s or more');
  expect(words('ledger')).toBe('As soon as two looks in a row find it');
});

test('the recommended rules are taken as they are, one of each kind but for slow runs, which each team sees otherwise', () => {
  const rules = recommendedRules(['019f0000-0000-7000-8000-000000000001']);
  for (const rule of rules) expect(createAlertRuleSchema.parse(rule)).toEqual(rule);
  expect(rules.map(({ kind }) => kind).toSorted()).toEqual(
    alertKindSchema.options.filter((kind) => kind !== 'p95').toSorted(),
  );
});
