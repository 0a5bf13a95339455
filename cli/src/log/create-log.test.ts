import { describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from './create-log.ts';

function logged(options: Partial<LogOptions>, work: (log: ReturnType<typeof createLog>) => void): string[] {
  const lines: string[] = [];
  work(
    createLog({
      level: 'info',
      form: 'json',
      write: (line) => void lines.push(line),
      clock: { now: () => 1_772_344_800_000 },
      ...options,
    }),
  );
  return lines;
}

describe('the log', () => {
  it('shows its level and everything more urgent', () => {
    const lines = logged({ level: 'warn', form: 'lines' }, (log) => {
      log.debug('a');
      log.info('b');
      log.warn('c');
      log.error('d', { port: 4270, reason: 'two words' });
    });
    expect(lines).toEqual(['06:00:00 warn  c', '06:00:00 error d  port=4270  reason="two words"']);
    expect(logged({ level: 'silent' }, (log) => log.error('x'))).toEqual([]);
  });

  it('is one JSON object a line for programs', () => {
    expect(logged({}, (log) => log.info('pull finished', { pages: 3 }))).toEqual([
      '{"at":"2026-03-01T06:00:00.000Z","level":"info","message":"pull finished","pages":3}',
    ]);
  });

  it('never shows a credential that came in headers', () => {
    const [line] = logged({}, (log) =>
      log.info('request', { authorization: 'Bearer a', headers: { Authorization: 'Bearer b', accept: '*/*' } }),
    );
    expect(line).not.toContain('Bearer');
    expect(line).toContain('"headers":{"accept":"*/*"}');
  });
});
