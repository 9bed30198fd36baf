/**
 * On every answer, errors too. API answers are never a page, so the policy allows nothing at all; a page brings
 * its own `Content-Security-Policy`, which must name `frame-ancestors 'none'` as well.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Only under TLS: over plain HTTP a browser ignores it, and a local one must not be pinned to https. */
export const strictTransportSecurity = 'max-age=31536000; includeSubDomains';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';
export const JSON_MEDIA_TYPE = 'application/json; charset=utf-8';
