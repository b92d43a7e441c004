/** Names the subscription in the address that its provider sends to: each has an address of its own, below that of the flow's hook. */
const NAME = 'subscription';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Where a provider sends the events of one subscription to. */
export function callbackUrl(hookUrl: string, subscriptionId: string): string {
  return `${hookUrl}?${NAME}=${subscriptionId}`;
}

/** The id of the subscription that an address belongs to, if it is one below that hook. */
export function subscriptionIn(address: string, hookUrl: string): string | undefined {
  const [before, id = ''] = address.split(`?${NAME}=`);
  return before === hookUrl && UUID.test(id) ? id : undefined;
}

/** The hook's address in the address of a subscription. */
export function hookUrlIn(address: string): string {
  return address.split('?')[0] ?? '';
}
