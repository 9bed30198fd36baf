import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** The last lines of `npm test`: what was skipped and why, and the plain count. */
export default class ClosingLines implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const by = (state: string): TestCase[] => tests.filter((test) => test.result().state === state);
    const skipped = by('skipped');
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    const lines = skipped.length === 0 ? ['Nothing was skipped.'] : reasons(skipped);
    const failed = by('failed').length + broken;
    process.stdout.write(
      `\n${lines.join('\n')}\n${by('passed').length} passed, ${failed} failed, ${skipped.length} skipped\n`,
    );
  }
}

/** `describeWith` puts the reason into the name of what it skips. */
function reasons(skipped: readonly TestCase[]): string[] {
  const counts = new Map<string, number>();
  for (const test of skipped) {
    const reason = /\[skipped: ([^\]]+)\]/.exec(test.fullName)?.[1] ?? `no reason given: ${test.fullName}`;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `Skipped ${count}: ${reason}`);
}
