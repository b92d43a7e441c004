import { redirectEgress } from './far-ends.ts';

/** Loaded by `--import` before a process of the product, whose calls to other machines then come to the test's far end. */
const farEnd = process.env['TEST_FAR_END'];
if (farEnd === undefined) throw new Error('TEST_FAR_END is not set.');
redirectEgress(farEnd);
