/** What came of something that can fail in an expected way; `fault` is a sentence for whoever typed the command. */
export type Result<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly fault: string };

export const succeeded = <Value>(value: Value): Result<Value> => ({ ok: true, value });
export const failed = (fault: string): Result<never> => ({ ok: false, fault });
