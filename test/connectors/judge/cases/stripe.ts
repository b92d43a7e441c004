import type { JudgeCases } from './case.ts';

const customer = 'cus_NffrFeUfNV2Hib';
const metadata = { crm: 'con_7Hq2', seats: 3, vip: true };
const details = { email: 'ada@example.com', name: 'Ada', phone: '+49 30 1', description: 'VIP', metadata };

export const stripeCases: JudgeCases = {
  operations: {
    create_customer: [details, {}],
    update_customer: [{ customer, ...details }],
    search_customers: [{ query: "email:'ada@example.com'", limit: 5 }],
    create_payment_link: [
      { price: 'price_1', quantity: 2, redirectUrl: 'https://shop.example.com/thanks', metadata },
      { price: 'price_1' },
    ],
    create_invoice_item: [
      { customer, amount: 1_099, currency: 'eur', description: 'An engine', invoice: 'in_1', metadata },
    ],
    create_invoice: [
      {
        customer,
        collection: 'send_invoice',
        daysUntilDue: 14,
        autoAdvance: true,
        description: 'x',
        metadata,
      },
      { customer, collection: 'charge_automatically' },
    ],
    send_invoice: [{ invoice: 'in_1' }],
    create_refund: [
      { paymentIntent: 'pi_1', amount: 500, reason: 'duplicate', metadata },
      { paymentIntent: 'pi_1' },
    ],
    list_payments: [{ customer, limit: 5 }],
  },
  lists: { customers: {}, prices: {} },
};
