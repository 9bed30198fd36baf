import type { Place } from '../builders.ts';

/** A small company of the Pacific coast, with a second region for Europe and one that nobody uses. */
export const DEMO_ACCOUNT_ID = '314159265358';

export const home: Place = { accountId: DEMO_ACCOUNT_ID, region: 'us-west-2' };
export const europe: Place = { accountId: DEMO_ACCOUNT_ID, region: 'eu-west-1' };
export const unused: Place = { accountId: DEMO_ACCOUNT_ID, region: 'us-east-1' };
