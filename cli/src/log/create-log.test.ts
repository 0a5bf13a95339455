import { describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from './create-log.ts';
import { hideSecrets } from './hide-secrets.ts';

function logged(options: Partial<LogOptions>, work: (log: ReturnType<typeof createLog>) => void): string[] {
  const lines: string[] = [];
  work(
    createLog({
      level: 'info',
      form: 'json',
      write: (line) => void lines.push(line),
      clock: { now: () => 1_772_344_800_000 },
      hide: hideSecrets(['s3cret-of-the-hub']),
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
      '{"level":"info","at":"2026-03-01T06:00:00.000Z","pages":3,"message":"pull finished"}',
    ]);
  });

  it('never shows a field that is a credential by its name, however deep', () => {
    const [line] = logged({}, (log) =>
      log.info('request', {
        authorization: 'Bearer a',
        headers: { Authorization: 'Bearer b', accept: '*/*' },
        tokens: [{ access_token: 'at', refreshToken: 'rt', expiresIn: 3 }],
        clientSecret: 'cs',
      }),
    );
    expect(JSON.parse(line ?? '')).toEqual({
      level: 'info',
      at: '2026-03-01T06:00:00.000Z',
      headers: { accept: '*/*' },
      tokens: [{ expiresIn: 3 }],
      message: 'request',
    });
  });

  it.each(['json', 'lines'] as const)('hides the secrets of the hub wherever they stand, as %s', (form) => {
    const [line] = logged({ form }, (log) => log.info('it is s3cret-of-the-hub', { at2: ['x s3cret-of-the-hub y'] }));
    expect(line).not.toContain('s3cret');
    expect(line?.match(/\[hidden\]/g)).toHaveLength(2);
  });

  it('tells of an error its kind and code, of bytes their number, of a circle its beginning', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const error = Object.assign(new TypeError('heart rate 41'), { code: 'ERR_X' });
    const [line] = logged({}, (log) => log.warn('odd', { error, body: Buffer.from('abc'), circle, big: 7n }));
    expect(JSON.parse(line ?? '')).toMatchObject({ error: 'TypeError (ERR_X)', body: '3 bytes', big: '7' });
    expect(line).not.toContain('41');
  });
});
