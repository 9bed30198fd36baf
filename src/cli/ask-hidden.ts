import { openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { ReadStream } from 'node:tty';

/**
 * Asks for a secret at the terminal without showing what is typed. Where standard input is a pipe it asks the terminal
 * behind it, as ssh and gpg do. Undefined when there is no terminal, or what was asked for was not typed.
 */
export async function askHidden(question: string): Promise<string | undefined> {
  const terminal = openTerminal();
  if (terminal === undefined) return undefined;
  try {
    return await readUnseen(terminal, question);
  } finally {
    process.stderr.write('\n');
    if (terminal !== process.stdin) terminal.destroy();
  }
}

/** Not standard input where it can be helped: that may be a pipe, or at its end because a message was typed there. */
function openTerminal(): ReadStream | undefined {
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    // A service, cron: nobody is there. Windows has no such file.
    return process.stdin.isTTY ? process.stdin : undefined;
  }
}

/** With the line's keys (backspace, Ctrl-U, a paste), whose echo goes nowhere. */
function readUnseen(terminal: ReadStream, question: string): Promise<string | undefined> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: terminal, output: nowhere, terminal: true, historySize: 0 });
  // Only now: what is typed before the terminal is raw would be seen.
  process.stderr.write(question);
  return new Promise((resolve) => {
    reader.on('close', () => resolve(undefined));
    // The terminal is raw: Ctrl-C is a key like others, until we say what it means.
    reader.on('SIGINT', () => {
      reader.close();
      process.kill(process.pid, 'SIGINT');
    });
    reader.question('', (typed) => {
      resolve(typed);
      reader.close();
    });
  });
}
