import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt, textAt } from '../support/ask.ts';
import { endOfVisits, type Visit, visit } from '../support/visitor.ts';

/** What chats, mail gateways, search engines and browsers call themselves when they look behind a link. */
const AGENTS: Readonly<Record<string, string>> = {
  Slack: 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'Slack images': 'Slack-ImgProxy (+https://api.slack.com/robots)',
  Twitter: 'Twitterbot/1.0',
  Facebook: 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  'Facebook crawler': 'facebookcatalog/1.0',
  WhatsApp: 'WhatsApp/2.23.20.0',
  Telegram: 'TelegramBot (like TwitterBot)',
  Discord: 'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)',
  LinkedIn: 'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)',
  Skype: 'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com',
  Teams: 'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 Teams/1.5.00.1',
  Office: 'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Word 16.0.14026; Pro)',
  'Office existence discovery': 'Microsoft Office Existence Discovery',
  Outlook: 'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.14026; Pro)',
  SafeLinks:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0 OneOutlook/1.0',
  Proofpoint: 'Mozilla/5.0 (compatible; Proofpoint-URLDefense)',
  Mimecast: 'Mozilla/5.0 (compatible; Mimecast URL Protect)',
  Barracuda: 'Barracuda Sentinel (EE)',
  Cisco: 'IronPort-SDR/1.0',
  Symantec: 'Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Symantec Email Security.cloud)',
  'Google web preview':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko; Google Web Preview) Chrome/41.0 Safari/537.36',
  'Gmail images': 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
  'Google Chat': 'Mozilla/5.0 (compatible; Google-Apps-Script; beanserver; +https://script.google.com)',
  Googlebot: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  Bing: 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'Bing preview': 'Mozilla/5.0 (Windows NT 6.1) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b',
  Apple:
    'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15 (Applebot/0.1)',
  iMessage:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
  Zoom: 'Mozilla/5.0 (compatible; ZoomLinkPreview/1.0)',
  Mattermost: 'Mattermost-Bot/1.1',
  'Rocket.Chat': 'RocketChat/6.0 OEmbed',
  Matrix: 'Synapse (bot; +https://github.com/matrix-org/synapse)',
  Mastodon: 'http.rb/5.1.1 (Mastodon/4.2.0; +https://mastodon.example/) Bot',
  Signal: 'WhatsApp/2 (Signal)',
  Viber: 'Viber/13.3 (compatible; facebookexternalhit/1.1)',
  Line: 'facebookexternalhit/1.1;line-poker/1.0',
  KakaoTalk: 'facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/',
  Pinterest: 'Pinterest/0.2 (+https://www.pinterest.com/bot.html)',
  Reddit: 'Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)',
  Yandex: 'Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)',
  DuckDuckGo: 'DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)',
  VirusTotal: 'AppEngine-Google; (+http://code.google.com/appengine; appid: s~virustotalcloud)',
  urlscan:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0 Safari/537.36',
  curl: 'curl/8.5.0',
  Wget: 'Wget/1.21.4',
  Python: 'python-requests/2.31.0',
  Go: 'Go-http-client/1.1',
  nobody: '',
};

/** What they and browsers that look ahead add. */
const ADDITIONS: readonly Readonly<Record<string, string>>[] = [
  {},
  { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' },
  { range: 'bytes=0-131071' },
  { purpose: 'prefetch' },
  { 'sec-purpose': 'prefetch;prerender' },
  { 'x-moz': 'prefetch' },
  { 'x-purpose': 'preview' },
  { 'if-none-match': '*' },
  { 'x-http-method-override': 'POST' },
];
/** With a body and without: none of them is the one that claims. */
const METHODS = ['GET', 'HEAD', 'OPTIONS', 'PROPFIND', 'PUT', 'PATCH', 'TRACE', 'REPORT'];

describe('whatever looks behind a link', () => {
  let there: Visit;
  beforeAll(async () => {
    there = await visit({ config: 'http: {requestsPerMinute: 0}\n' });
  });
  afterAll(endOfVisits);

  async function make(body: object): Promise<string> {
    const { json } = await there.operator('POST', '/api/v1/messages', { ...body, max_reads: 1 });
    return textAt(json, 'message_id');
  }

  const urlsOf = (id: string): string[] => [
    `/m/${id}`,
    `/m/${id}?utm_source=mail`,
    `/msg/${id}`,
    `/msg/${id.toUpperCase()}`,
    `/msg/${id}/`,
    `/api/v1/messages/${id}`,
    `/api/v1/messages/${id}/claim`,
    `/m/${id}/claim`,
  ];

  async function look(id: string, method: string, headers: Readonly<Record<string, string>>): Promise<void> {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    for (const path of urlsOf(id)) {
      const client = await there.raw(
        `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines.join('')}\r\n`,
      );
      expect([200, 206, 304, 400, 404, 405, 409], `${method} ${path}`).toContain(client.statuses[0]);
      expect(client.received).not.toContain('a text that is read once');
    }
  }

  it('reads nothing and burns nothing: afterwards the message is whole', async () => {
    const token = randomBytes(32);
    const claim_hash = createHash('sha256').update(token).digest('base64url');
    const plain = await make({ message: 'a text that is read once' });
    const sealed = await make({ sealed: { version: 1, ciphertext: 'AAAA', claim_hash } });
    for (const id of [plain, sealed]) {
      const looks = Object.values(AGENTS).flatMap((agent) => [
        look(id, 'GET', { 'user-agent': agent }),
        look(id, 'HEAD', { 'user-agent': agent }),
      ]);
      await Promise.all(looks);
      for (const addition of ADDITIONS)
        await look(id, 'GET', { 'user-agent': AGENTS['SafeLinks'] ?? '', ...addition });
      for (const method of METHODS) await look(id, method, { 'user-agent': AGENTS['Office'] ?? '' });
      const { json } = await there.ask({ path: `/api/v1/messages/${id}` });
      expect([at(json, 'reads_left'), at(json, 'max_reads')]).toEqual([1, 1]);
    }
    const claim = (id: string, body: object) => there.operator('POST', `/api/v1/messages/${id}/claim`, body);
    expect(at((await claim(plain, {})).json, 'message')).toBe('a text that is read once');
    expect(
      at((await claim(sealed, { claim_token: token.toString('base64url') })).json, 'sealed', 'ciphertext'),
    ).toBe('AAAA');
  }, 120_000);

  it('is no reader in the eyes of the maker either: there is no receipt of it', async () => {
    const { json } = await there.operator('GET', '/api/v1/events?source=tocsin&limit=200');
    const types = new Set(listAt(json, 'items').map((event) => textAt(event, 'type')));
    expect(types).toEqual(new Set(['message.created', 'message.burned']));
  });
});
