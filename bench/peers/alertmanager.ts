import { writeFileSync } from 'node:fs';
import type { Benchmark, BenchOptions } from '../benchmark.ts';
import { deliveryRounds, type DeliverySubject } from '../delivery-run.ts';
import { findProgram, freePort, Program } from '../program.ts';
import type { Report } from '../report/report.ts';
import type { Stage } from '../stage.ts';
import { TempDir } from '../temp-dir.ts';

const NAME = 'alertmanager';
const TITLE = 'alert to webhook, Prometheus Alertmanager';
const METHOD =
  'Prometheus Alertmanager with one webhook receiver: each request carries one alert, each alert is a group of its ' +
  'own and is sent at once (group_wait 0). The same generator and the same sink as end-to-end. It keeps alerts in ' +
  'memory only and verifies no signature.';

const PER_SECOND_MAX = 12_000;
const PROGRAMS = ['prometheus-alertmanager', 'alertmanager'];

export const alertmanager: Benchmark = { name: NAME, title: TITLE, method: METHOD, run };

async function run(options: BenchOptions): Promise<Report> {
  const command = PROGRAMS.map(findProgram).find((path) => path !== undefined);
  if (!command) {
    const notes = ['skipped: not installed (Debian and Ubuntu: apt-get install prometheus-alertmanager)'];
    return { name: NAME, title: TITLE, rows: [], notes };
  }
  const rows = await deliveryRounds(NAME, (stage, sinkPort) => start(command, sinkPort, stage), options);
  return { name: NAME, title: TITLE, rows, notes: [] };
}

async function start(command: string, sinkPort: number, stage: Stage): Promise<DeliverySubject> {
  const dir = stage.use(new TempDir());
  const port = await freePort();
  writeFileSync(dir.file('alertmanager.yml'), configFor(sinkPort));
  const program = stage.use(
    new Program({
      command,
      args: [
        `--config.file=${dir.file('alertmanager.yml')}`,
        `--storage.path=${dir.file('data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
        '--log.level=warn',
      ],
      cwd: dir.path,
      logFile: dir.file('output.log'),
    }),
  );
  await program.ready(`http://127.0.0.1:${port}/-/ready`);
  return { port, pid: program.pid, shape: 'alert', perSecondMax: PER_SECOND_MAX };
}

function configFor(sinkPort: number): string {
  return [
    'route:',
    '  receiver: sink',
    "  group_by: ['...']",
    '  group_wait: 0s',
    '  group_interval: 1h',
    '  repeat_interval: 24h',
    'receivers:',
    '  - name: sink',
    '    webhook_configs:',
    `      - url: http://127.0.0.1:${sinkPort}/`,
    '        send_resolved: false',
    '',
  ].join('\n');
}
