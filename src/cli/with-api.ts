import { type Api, openApi } from './api.ts';
import type { Call, CommandContext } from './command.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Result } from './result.ts';

/** Does a command's work at the API; what went wrong, there or on the way to it, is told as its fault. */
export async function withApi(
  call: Call,
  context: CommandContext,
  work: (api: Api) => Promise<Result<unknown>>,
): Promise<ExitCode> {
  const api = openApi(call, context);
  const done = api.ok ? await work(api.value) : api;
  if (done.ok) return exitCodes.ok;
  context.err(done.fault);
  return exitCodes.failed;
}
