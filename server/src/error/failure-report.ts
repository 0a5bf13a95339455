/** Causes told below a failure: enough to reach the one that matters. */
const MAX_DEPTH = 3;
const MAX_FRAMES = 12;

/** Patterns of secrets that a foreign message may carry, and what stands in the log instead. */
const SECRETS: [RegExp, string][] = [
  [/\bBearer\s+\S+/gi, 'Bearer …'],
  [/\bchk_[\w-]+/g, 'chk_…'],
  [/\beyJ[\w-]+(?:\.[\w-]*){1,4}/g, 'eyJ…'],
  [/(\/webhooks\/[^/\s]+\/)[^\s?"']+/g, '$1…'],
  [/(https?:\/\/[^\s?"']+\?)[^\s"']+/g, '$1…'],
];

/** An unforeseen error as fields of a log line: where it came from, without what it may quote. */
export function failureReport(error: unknown, depth = 1): { [field: string]: unknown } {
  if (!(error instanceof Error)) return { name: typeof error };
  const { cause } = error;
  return {
    name: error.name,
    message: safeMessage(error),
    at: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, MAX_FRAMES)
      .map((line) => line.trim()),
    ...('code' in error ? { code: error.code } : {}),
    ...(cause === undefined || depth >= MAX_DEPTH ? {} : { cause: failureReport(cause, depth + 1) }),
  };
}

/** A syntax error quotes what it could not read, which may be a request body. */
function safeMessage(error: Error): string {
  if (error instanceof SyntaxError) return 'left out: it may quote a body';
  return SECRETS.reduce((message, [secret, mark]) => message.replace(secret, mark), error.message);
}
