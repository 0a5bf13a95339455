import { describe, expect, it } from 'vitest';
import { failureText } from './failure-text.ts';
import { HubError } from './hub-error.ts';

describe('a failure in one line', () => {
  it('of the hub says what it says', () => {
    const error = new HubError('gone', { what: 'The file is gone.', why: 'It was fetched.', fix: 'Ask again.' });
    expect(failureText(error)).toBe('gone: The file is gone. It was fetched.');
  });

  it('of anybody else says kind, code and place, and not what it quotes', () => {
    const error = Object.assign(new RangeError('token s3cret'), { code: 'ERR_RANGE' });
    expect(failureText(error)).toMatch(/^RangeError \(ERR_RANGE\) at .*failure-text\.test\.ts:\d+:\d+\)?$/);
    expect(failureText('s3cret')).toBe('string');
  });
});
