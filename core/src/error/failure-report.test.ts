import { describe, expect, it } from 'vitest';
import { failureReport } from './failure-report.ts';
import { HubError } from './hub-error.ts';

describe('the report of an unforeseen error', () => {
  it('tells name, code and place', () => {
    const error = Object.assign(new TypeError('x is not a function'), { code: 'ERR_X' });
    expect(failureReport(error)).toEqual({
      name: 'TypeError',
      code: 'ERR_X',
      at: expect.arrayContaining([expect.stringMatching(/^at .*failure-report\.test\.ts:\d+:\d+/)]),
    });
  });

  it.each([
    'Bearer abc.def was refused',
    'no such file https://api.example/file?token=s3cret',
    'restingHeartRate was 41',
    'one line\n    at s3cret (in.the:1:2)',
  ])('leaves its message out, which may quote anything: %j', (message) => {
    const told = JSON.stringify(failureReport(new Error(message, { cause: new Error(message) })));
    expect(told).not.toMatch(/abc\.def|s3cret|41|was|line/);
  });

  it('tells what an error of the hub says, which quotes nothing', () => {
    const error = new HubError('not_found', { what: 'There is no such thing.', why: 'It went.', fix: 'Look again.' });
    expect(failureReport(error)).toMatchObject({ code: 'not_found', message: error.message });
  });

  it('takes neither a name nor a code that is none', () => {
    const error = Object.assign(new Error('x'), { name: 'token s3cret', code: 'the value was s3cret' });
    expect(failureReport(error)).toEqual({ name: 'Error', at: expect.any(Array) });
  });

  it('tells no frame that is none, in a stack somebody wrote', () => {
    const error = new Error('x');
    error.stack = 'Error: x\n    at s3cret\n    at fn (file:///a.js:1:2)';
    expect(failureReport(error).at).toEqual(['at fn (file:///a.js:1:2)']);
  });

  it('follows causes, but not for ever', () => {
    const circle = new Error('round');
    circle.cause = circle;
    expect(failureReport(circle)).toMatchObject({ cause: { cause: { name: 'Error' } } });
    expect(failureReport('thrown text')).toEqual({ name: 'string' });
  });
});
