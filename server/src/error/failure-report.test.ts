import { describe, expect, it } from 'vitest';
import { failureReport } from './failure-report.ts';

describe('the report of an unforeseen error', () => {
  it('tells name, code, message and place', () => {
    const error = Object.assign(new TypeError('x is not a function'), { code: 'ERR_X' });
    expect(failureReport(error)).toMatchObject({ name: 'TypeError', code: 'ERR_X', message: 'x is not a function' });
    expect(failureReport(error).at).toEqual(
      expect.arrayContaining([expect.stringMatching(/^at .*failure-report\.test\.ts/)]),
    );
  });

  it.each([
    ['Bearer abc.def', 'Bearer …'],
    ['key chk_0123-abc refused', 'key chk_… refused'],
    ['token eyJhbGciOiJI.eyJzdWIi.c2ln ended', 'token eyJ… ended'],
    ['POST /webhooks/garmin/s3cret failed', 'POST /webhooks/garmin/… failed'],
    ['fetch https://api.example/file?token=s3cret failed', 'fetch https://api.example/file?… failed'],
  ])('leaves secrets out: %s', (message, told) => {
    expect(failureReport(new Error(message)).message).toBe(told);
  });

  it('leaves out what a parser quotes', () => {
    const error = new SyntaxError('Unexpected token, "restingHeartRate41" is not valid JSON');
    expect(JSON.stringify(failureReport(error))).not.toContain('restingHeartRate');
  });

  it('follows causes, but not for ever', () => {
    const circle = new Error('round');
    circle.cause = circle;
    expect(failureReport(circle)).toMatchObject({ cause: { cause: { name: 'Error' } } });
    expect(failureReport('thrown text')).toEqual({ name: 'string' });
  });
});
