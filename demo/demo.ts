import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { tlsFixture } from '../tests/support/tls-fixture.ts';
import { type Get, operatorsGet } from './api.ts';
import { AwsAccount } from './aws-account.ts';
import { lookAtAws } from './aws-survey.ts';
import { Board, type Screen } from './board.ts';
import { configFile } from './config-file.ts';
import { lookAtFeed } from './feed-survey.ts';
import type { Arrived } from './happening.ts';
import { IncidentApi } from './incident-api.ts';
import { introduction } from './introduction.ts';
import { Sender } from './sender.ts';
import { type Service, startService } from './service.ts';
import { startHttpSink } from './sinks/http-sink.ts';
import { readLogSink } from './sinks/log-sink.ts';
import { startMailSink } from './sinks/mail-sink.ts';
import { Reception } from './sinks/reception.ts';
import { startSlackSink } from './sinks/slack-sink.ts';
import { startSmsSink } from './sinks/sms-sink.ts';
import { type Found, Survey } from './survey.ts';
import { Tally } from './tally.ts';
import { traffic } from './traffic.ts';

/** The opening shows one of everything; then it slows down so that it can be read. */
const OPENING_MS = 10_000;
const OPENING_PAUSE_MS = 350;
const PAUSE_MS = 1_200;
const SUMMARY_EVERY_MS = 5_000;
const SETTLE_MS = 8_000;
const INCIDENT_PAUSE_MS = 6_000;
const FEED_LOOK_MS = 400;
/** The account is scanned every minute: each scan finds a change. */
const AWS_PAUSE_MS = 60_000;
const AWS_LOOK_MS = 1_000;
/** The feed is asked every eight seconds, and takes about as long to answer. */
const FEED_SETTLE_MS = 30_000;
/** Started for so long, the service has read the feed. */
const FEED_READ_MS = 20_000;

/** Runs the demo until `end` is aborted. Resolves with whether everything was as it should be. */
export async function runDemo(screen: Screen, end: AbortSignal): Promise<boolean> {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-demo-'));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    return await new Demo(screen, directory).run(end);
  } finally {
    remove();
    process.removeListener('exit', remove);
  }
}

/** What plays the world out there. */
interface World {
  readonly incidents: IncidentApi;
  readonly aws: AwsAccount;
}

const secret = (): string => randomBytes(24).toString('base64url');

class Demo {
  readonly #board: Board;
  readonly #directory: string;
  readonly #tally = new Tally();
  readonly #token = secret();
  readonly #webhookKey = secret();
  readonly #httpSecret = `whsec_${randomBytes(32).toString('base64')}`;

  constructor(screen: Screen, directory: string) {
    this.#board = new Board(screen);
    this.#directory = directory;
  }

  async run(end: AbortSignal): Promise<boolean> {
    const reception = new Reception((arrived) => this.#arrived(arrived));
    const mail = await startMailSink(reception);
    const http = await startHttpSink(reception, this.#httpSecret, () => (this.#tally.forged += 1));
    const sms = await startSmsSink(reception);
    const slack = await startSlackSink(reception);
    const incidents = await IncidentApi.start(secret());
    const aws = await AwsAccount.start();
    try {
      const text = configFile({ mail: mail.port, httpUrl: http.url, smsUrl: sms.url });
      writeFileSync(join(this.#directory, 'tocsin.yaml'), text, { mode: 0o600 });
      const service = await startService(this.#directory, {
        ...this.#environment(slack.url),
        ...incidents.environment,
        ...aws.environment,
      });
      readLogSink(service.output, reception);
      try {
        return await this.#show(service, { incidents, aws }, end);
      } finally {
        await service.stop();
      }
    } finally {
      await Promise.all([mail, http, sms, slack, incidents, aws].map((sink) => sink.close()));
    }
  }

  #environment(slackUrl: string): Record<string, string> {
    return {
      TOCSIN_PORT: '0',
      TOCSIN_DATA_DIR: join(this.#directory, 'data'),
      TOCSIN_TOKEN: this.#token,
      TOCSIN_LOG_FILE: join(this.#directory, 'service.log'),
      // For the Slack sink's certificate.
      NODE_EXTRA_CA_CERTS: tlsFixture.certFile,
      DEMO_WEBHOOK_KEY: this.#webhookKey,
      DEMO_HTTP_SECRET: this.#httpSecret,
      DEMO_SMS_TOKEN: secret(),
      DEMO_SLACK_URL: slackUrl,
    };
  }

  async #show(service: Service, { incidents, aws }: World, end: AbortSignal): Promise<boolean> {
    const startedAt = Date.now();
    const get = operatorsGet(service.url, this.#token);
    const survey = new Survey(get);
    this.#board.say(...introduction(service.url, this.#token, this.#directory, aws.key));
    const stop = new AbortController();
    const over = AbortSignal.any([end, stop.signal]);
    let crashed: string | undefined;
    void service.ended.then((how) => {
      crashed = how;
      stop.abort();
    });
    await Promise.all([
      this.#send(new Sender(service.url, this.#webhookKey), over),
      this.#list(incidents, get, over),
      this.#change(aws, get, over),
      this.#sumUp(survey, over),
    ]);
    if (crashed !== undefined) throw new Error(`the service ${crashed} while the demo ran`);
    return this.#finish(survey, Date.now() - startedAt);
  }

  async #send(sender: Sender, over: AbortSignal): Promise<void> {
    const openingEnds = Date.now() + OPENING_MS;
    for (const shot of traffic()) {
      const sent = await sender.send(shot);
      if (over.aborted && sent.status === 0) return;
      this.#tally.sent(sent);
      this.#board.sent(sent);
      await pause(Date.now() < openingEnds ? OPENING_PAUSE_MS : PAUSE_MS, over);
      if (over.aborted) return;
    }
  }

  /** What the feed lists before it was read as a whole is nothing new. */
  async #list(incidents: IncidentApi, get: Get, over: AbortSignal): Promise<void> {
    while (!over.aborted && (await lookAtFeed(get)) === undefined) await pause(FEED_LOOK_MS, over);
    while (!over.aborted) {
      this.#board.identified(incidents.identify());
      this.#board.listed(incidents.list());
      this.#tally.listed += 1;
      await pause(INCIDENT_PAUSE_MS, over);
    }
  }

  /** What the account was like before the first scan is nothing new. */
  async #change(aws: AwsAccount, get: Get, over: AbortSignal): Promise<void> {
    while (!over.aborted && (await lookAtAws(get)) === undefined) await pause(AWS_LOOK_MS, over);
    while (!over.aborted) {
      this.#board.changed(aws.change());
      await pause(AWS_PAUSE_MS, over);
    }
  }

  async #sumUp(survey: Survey, over: AbortSignal): Promise<void> {
    for (;;) {
      await pause(SUMMARY_EVERY_MS, over);
      if (over.aborted) return;
      this.#board.summary('so far', this.#tally, await survey.look());
    }
  }

  /** Waits for the last retries and incidents, then says whether the books balance. */
  async #finish(survey: Survey, ranMs: number): Promise<boolean> {
    let found = await survey.look();
    if (found.told < this.#tally.listed)
      this.#board.say('  Waiting for the feed to be asked once more; a second Ctrl-C ends that.');
    const feedDeadline = Date.now() + FEED_SETTLE_MS;
    while (this.#lacks(found, ranMs) && Date.now() < feedDeadline) {
      await wait(FEED_LOOK_MS);
      found = await survey.look();
    }
    const deadline = Date.now() + SETTLE_MS;
    while (found.pending > 0 && Date.now() < deadline) {
      await wait(200);
      found = await survey.look();
    }
    this.#board.summary('in the end', this.#tally, found);
    const faults = [
      ...this.#faults(found),
      ...this.#feedFaults(found, ranMs),
      ...(lacksScan(found, ranMs) ? ['the AWS account was not scanned'] : []),
    ];
    this.#board.say(...faults.map((fault) => `  Not as it should be: ${fault}`));
    if (faults.length === 0)
      this.#board.say(
        '  Nothing lost, nothing twice: every notification is an event or a repeat, every new incident an event.',
      );
    return faults.length === 0;
  }

  /** Whether an incident is not told yet, or the first scan not done. */
  #lacks(found: Found, ranMs: number): boolean {
    return found.told < this.#tally.listed || lacksScan(found, ranMs);
  }

  #faults({ events, duplicates }: Found): string[] {
    const { accepted, surprises, forged } = this.#tally;
    return [
      ...(accepted === events + duplicates
        ? []
        : [`${accepted} accepted, ${events} events and ${duplicates} repeats`]),
      ...(surprises === 0 ? [] : [`${surprises} unexpected answers`]),
      ...(forged === 0 ? [] : [`${forged} deliveries with a signature that does not verify`]),
    ];
  }

  #feedFaults({ feed, told }: Found, ranMs: number): string[] {
    const { listed, incidentsLogged } = this.#tally;
    return [
      ...(feed === undefined && ranMs > FEED_READ_MS ? ['the feed was not read'] : []),
      ...(told === listed ? [] : [`${listed} incidents listed anew, and ${told} events of them`]),
      ...(incidentsLogged === told ? [] : [`${told} events of incidents, ${incidentsLogged} in the log`]),
    ];
  }

  #arrived(arrived: Arrived): void {
    this.#tally.arrived(arrived);
    this.#board.arrived(arrived);
  }
}

/** A demo that was ended at once need not have one. */
const lacksScan = ({ aws }: Found, ranMs: number): boolean => aws === undefined && ranMs > OPENING_MS;

async function pause(ms: number, over: AbortSignal): Promise<void> {
  // The end of the demo cuts it short; the caller looks at the signal.
  await wait(ms, undefined, { signal: over }).catch(() => {});
}
