import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { at } from '../support/ask.ts';
import { dispose } from '../support/service.ts';
import { agrees, FEED, IncidentLives, refreshed } from './incident-lives.ts';
import { faultsOf, noFaults, tallyIncidents } from './incident-tally.ts';
import { IncidentTraffic } from './incident-traffic.ts';
import { drawSeed, seeded } from './seeded.ts';

const TEST_MS = 120_000;
const RANDOM_KILLS = 2;
const FIXTURES = 2_100;

describe('the incident feed, killed with -9, on SQLite', () => {
  let lives: IncidentLives;
  afterEach(() => lives.close());
  afterAll(dispose);

  test(
    'in its first backlog, at each point of the way and at random: each incident is stored once, what is new told once, the backlog summed up once',
    async () => {
      const seed = drawSeed();
      const draw = seeded(seed);
      lives = await IncidentLives.open();
      const traffic = new IncidentTraffic(lives.upstream, seed);
      traffic.start();

      await lives.startAndDie({ site: 'before-incidents', hit: draw(1, 3) });
      await lives.startAndDie({ site: 'after-incidents', hit: draw(2, 4) });
      await lives.startAndDie({ site: 'before-backlog', hit: 1 });
      await lives.startAndDie({ site: 'after-backlog', hit: 1 });
      const told = traffic.added;
      await lives.startAndDie({ site: 'before-incidents', hit: draw(1, 4) });
      await lives.startAndDie({ site: 'after-incidents', hit: draw(1, 4) });
      for (let kill = 0; kill < RANDOM_KILLS; kill++) {
        const service = await lives.start();
        const settled = traffic.added;
        await refreshed(service);
        traffic.settled = settled;
        await new Promise((resolve) => setTimeout(resolve, draw(20, 400)));
        await service.kill();
      }
      await lives.startAndDie({ site: 'before-gone', hit: draw(1, 2) });
      await lives.startAndDie({ site: 'after-gone', hit: draw(1, 2) });

      traffic.stop();
      const known = await lives.start();
      traffic.takeOff();
      await refreshed(known);
      await known.kill();
      traffic.putBack();
      await lives.startAndDie({ site: 'before-incidents', hit: 1 });
      await lives.startAndDie({ site: 'after-incidents', hit: 1 });

      const last = await lives.start();
      traffic.start();
      await refreshed(last);
      traffic.stop();
      await agrees(last, lives.upstream);
      await refreshed(last);
      const found = await tallyIncidents(last, FEED);
      const untold = found.incidents.filter(({ eventId }) => eventId === undefined);
      process.stdout.write(
        `sqlite: ${found.incidents.length} incidents, ${found.events.size} told, ${lives.count - 1} kills\n`,
      );
      expect(faultsOf(found, traffic.listed)).toEqual(noFaults);
      expect(found.incidents).toHaveLength(FIXTURES + traffic.added);
      expect(untold.filter(({ n = 0 }) => n >= told)).toEqual([]);
      expect(found.backlogs.map((event) => at(event, 'labels', 'incidents'))).toEqual([
        String(untold.length),
      ]);
      expect(await last.stop()).toBe(0);
    },
    TEST_MS,
  );
});
