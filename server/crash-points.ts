export type CrashPoint = keyof typeof CRASH_POINTS;

/**
 * Every place where `crashPoint` may end a process, and what must be true afterwards, once another process has gone on.
 * "Once" means: the far end sees one call, or several with one key where that is said. `npm run crash-points` holds the
 * product to each.
 */
export const CRASH_POINTS = {
  // Web: events
  'ingress.before_commit':
    'Nothing is stored and the sender has no reply. Sent again, the event has one run.',
  'ingress.after_commit': 'Stored, without a reply. Sent again, the sender gets the ids of the one run.',
  'ingress.after_reply': 'The sender has its 202. The run is there and ends, woken or not.',
  'wake.before_send': 'The hint is lost: workers find the run by themselves.',
  'wake.after_send': 'The run ends. A second hint for it changes nothing.',
  // Web: what people do
  'start.before_commit': 'No run and no audit entry.',
  'start.after_commit': 'One run, which ends, and one audit entry, though the caller had no reply.',
  'approval.before_commit': 'The question is open still; decided again, the run goes on once.',
  'approval.after_commit': 'Decided: a second decision is refused, and the run goes on once.',
  'connection.before_commit': 'All fields are the old ones, and the audit trail knows of no change.',
  'connection.after_commit': 'All fields are the new ones, and the audit trail has the change.',
  'order.before_commit': 'The step is in doubt still; settled again, it is done once more, under its key.',
  'order.after_commit': 'The order is on record and is carried out once; a second one is refused.',
  'resume.before_commit': 'The run is failed still, its dead letter open; resumed again, it goes on once.',
  'resume.after_commit': 'The run goes on, its dead letter dealt with; a second resume is refused.',
  // Worker: a run in hand
  'claim.before_commit': 'The run is as it was: another worker claims it. Every step is called once.',
  'claim.after_commit': 'The run was claimed and not begun: it is taken over. Every step is called once.',
  'journal.before_commit': 'What was not on record yet is called again, under the same key.',
  'journal.after_commit': 'What is on record is not called again.',
  'intent.before_commit': 'The call that must not be repeated was not made: it is made, once.',
  'intent.after_commit': 'The call was not made, which nobody can know: the step is in doubt.',
  'call.before': 'Nothing was sent. A call is made once; one that must not be repeated is in doubt.',
  'call.after': 'Sent and answered, not on record: called again under the same key, or in doubt.',
  'sandbox.after_result': 'The code runs again: it has no effects.',
  'wait.before_commit':
    'The wait is not on record: what came just before it is called again under the same key.',
  'wait.after_commit': 'The run waits, held by nobody, and goes on in time. Nothing is called again.',
  // Worker: the end of a run
  'end.before_commit': 'The run goes on elsewhere; its last call is made again under the same key.',
  'end.after_commit': 'The run has ended. Nothing is called again.',
  'dead_letter.before_commit':
    'No end and no dead letter; the failing call is made again, then there is one of each.',
  'dead_letter.after_commit': 'One dead letter, and the failure flow is started once.',
  'telling.before_commit': 'Nobody was told; all are told once, by whoever looks next.',
  'telling.after_commit': 'All were told; nobody is told again.',
  'failure_flow.before_commit': 'The failure flow is started once.',
  'called_run.before_commit': 'The called run is not there; it is started once.',
  'called_run.after_commit': 'The called run is there; the caller, begun again, finds it and waits for it.',
  'question.before_commit': 'The question is not there; it is asked once.',
  'question.after_commit': 'The question is there, once; the step, begun again, waits for its answer.',
  // Worker: bulk actions
  'bulk.before_commit': 'No item of the batch is done; another worker does each once.',
  'bulk.after_commit': 'The items are done and on record; none is done again.',
  // Worker: tokens of connections
  'token.before_ask':
    'The provider was not asked: once the lease is over, another process asks, and the run goes on.',
  'token.after_answer':
    'The new tokens are lost. Another process asks once more; where that is taken for a theft, the connection is to be reconnected, its runs wait, and then go on.',
  'token.after_save': 'The new tokens are on record, and used by whoever goes on.',
  // Worker: triggers
  'schedule.before_commit': 'The planned time is fired once, by another worker.',
  'schedule.after_commit': 'The planned time was fired, and is not fired again.',
  'poll.after_lease': 'The far end is asked again when the lease is over. Each item has one run.',
  'poll.before_commit': 'No item is on record; asked again, each has one run.',
  'poll.after_commit': 'Each item has one run, and none is taken for new again.',
} as const;
