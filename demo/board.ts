import { type Paint, painter } from '../src/cli/paint.ts';
import type { Arrived, Sent, Verdict } from './happening.ts';
import type { AwsFound } from './aws-survey.ts';
import type { Listing } from './incident-api.ts';
import type { FeedFound } from './feed-survey.ts';
import type { Found } from './survey.ts';
import type { Tally } from './tally.ts';

export interface Screen {
  readonly write: (text: string) => void;
  /** Lines are cut there. */
  readonly columns: () => number;
  readonly colors: boolean;
}

const ELLIPSIS = '…';
const RULE_LENGTH = 78;

/** The live console: a line for each thing that happens, and the counts now and then. */
export class Board {
  readonly #screen: Screen;
  readonly #paint: Paint;

  constructor(screen: Screen) {
    this.#screen = screen;
    this.#paint = painter({ columns: screen.columns(), colors: screen.colors });
  }

  sent({ kind, what, status, expected }: Sent): void {
    const mark = status === expected ? String(status) : `${status} instead of ${expected}!`;
    const verb = { fresh: '', repeat: 'repeat, absorbed: ', hostile: 'refused: ' }[kind];
    const style = status !== expected ? 'red' : kind === 'hostile' ? 'yellow' : 'bold';
    this.#row('in', kind === 'hostile' ? 'attacker' : 'sender', mark, `${verb}${what}`, style);
  }

  arrived({ target, title, isRetry, verdict, note }: Arrived): void {
    const again = isRetry ? 'retry arrived: ' : '';
    const told = {
      accept: `${again}${title} · ${note}`,
      fail: `${note}, will come again: ${title}`,
      refuse: `${note}, a dead letter: ${title}`,
    }[verdict];
    this.#row('  out', target, marks[verdict], told, isRetry ? 'green' : styles[verdict]);
  }

  listed({ what }: Listing): void {
    this.#row('in', 'feed', 'new', `listed by the incident API: ${what}`, 'bold');
  }

  identified(addresses: readonly string[]): void {
    for (const address of addresses)
      this.#row('in', 'feed', 'now', `the incident API says whose ${address} is`, 'bold');
  }

  changed(what: string): void {
    this.#row('in', 'aws', 'now', `changed in the account: ${what}`, 'bold');
  }

  summary(title: string, tally: Tally, found: Found): void {
    const refused = [...tally.refusedByStatus].sort().map(([status, count]) => `${status} ×${count}`);
    const delivered = [...tally.delivered].map(([target, count]) => `${target} ${count}`);
    const rule = '─'.repeat(RULE_LENGTH);
    this.#screen.write(
      [
        this.#paint(`── ${title} ${rule.slice(title.length + 4)}`, 'dim'),
        `  accepted    ${tally.accepted} notifications: ${found.events} events, ${found.duplicates} duplicates absorbed`,
        `  refused     ${refused.length === 0 ? 'nothing yet' : refused.join(' · ')}`,
        `  delivered   ${delivered.join(' · ')}`,
        `  troubles    retries ${tally.retries} · waiting ${found.pending} · dead letters ${found.dead} · unrouted ${found.unrouted}`,
        `  incidents   ${feedLine(found.feed)} · ${found.told} new ones told`,
        `  aws         ${awsLine(found.aws)}`,
        this.#paint(rule, 'dim'),
        '',
      ].join('\n'),
    );
  }

  /** Lines of our own making. */
  say(...lines: readonly string[]): void {
    this.#screen.write(`${lines.join('\n')}\n`);
  }

  #row(way: string, who: string, mark: string, text: string, style: Parameters<Paint>[1]): void {
    const time = new Date().toTimeString().slice(0, 8);
    const head = `${time}  ${way.padEnd(6)}${who.padEnd(9)} ${mark.padEnd(4)} `;
    const room = Math.max(20, this.#screen.columns() - head.length);
    const cut = text.length > room ? text.slice(0, room - 1) + ELLIPSIS : text;
    this.#screen.write(
      `${this.#paint(head, style === 'bold' ? undefined : style)}${this.#paint(cut, style)}\n`,
    );
  }
}

function feedLine(feed: FeedFound | undefined): string {
  if (feed === undefined) return 'the feed is asked for the first time';
  const { incidents, employees, unresolved, remembered, ageSeconds } = feed;
  return `${incidents} listed about ${employees} employees, ${ageSeconds} s old · unresolved ${unresolved} · addresses remembered ${remembered}`;
}

function awsLine(aws: AwsFound | undefined): string {
  if (aws === undefined) return 'the account is scanned for the first time';
  return `${aws.open} findings open, ${aws.severe} of them critical or high · ${aws.resolved} resolved`;
}

const marks: Readonly<Record<Verdict, string>> = { accept: '✓', fail: '↻', refuse: '✕' };
const styles = { accept: undefined, fail: 'yellow', refuse: 'red' } as const;
