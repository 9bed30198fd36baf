import type { HttpAnswer, HttpClient, HttpRequest } from '../../kernel/http-client.ts';

const REDIRECTS_MAX = 3;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

export type Followed =
  | { readonly kind: 'answer'; readonly answer: HttpAnswer }
  | { readonly kind: 'refused'; readonly status: number; readonly detail: string };

/**
 * Asks, and follows redirects on the same origin: what proves the request goes along, so that it never leaves it.
 * Another scheme, host or port is another origin, also http to https.
 */
export async function follow(http: HttpClient, request: HttpRequest): Promise<Followed> {
  let url = request.url;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await http.request({ ...request, url });
    if (!answer.ok || !REDIRECTS.includes(answer.status)) return { kind: 'answer', answer };
    const refuse = (detail: string): Followed => ({ kind: 'refused', status: answer.status, detail });
    const next = target(url, answer.headers['location']);
    if (next === undefined) return refuse('redirected to no URL');
    if (next.origin !== new URL(url).origin) return refuse('redirected to another origin');
    // Credentials in a URL are somebody's idea of who we are.
    if (next.username !== '' || next.password !== '') return refuse('redirected to a URL with credentials');
    if (redirects === REDIRECTS_MAX) return refuse(`redirected more than ${REDIRECTS_MAX} times`);
    url = next.href;
  }
}

function target(url: string, location: string | undefined): URL | undefined {
  if (location === undefined || location === '' || !URL.canParse(location, url)) return undefined;
  const next = new URL(location, url);
  next.hash = '';
  return next;
}
