import { describe, expect, it } from 'vitest';
import { webhook } from './webhook.ts';

const request = (headers: { [name: string]: string }, method = 'POST') => ({
  method,
  headers: new Headers(headers),
  query: {},
  bytes: new Uint8Array(),
});
const config = (clientIdHeader: string) => ({ clientId: 'our-app', clientIdHeader });

describe('a sender', () => {
  it.each(['required', 'optional'])('that names our app is taken at its word (%s)', (setting) => {
    expect(webhook.verify(request({ 'garmin-client-id': 'our-app' }), config(setting))).toBe('valid');
  });

  it.each(['required', 'optional'])('that names another app is refused (%s)', (setting) => {
    expect(webhook.verify(request({ 'garmin-client-id': 'our-apq' }), config(setting))).toBe('invalid');
    expect(webhook.verify(request({ 'garmin-client-id': '' }), config(setting))).toBe('invalid');
  });

  it('that names none is a hint, unless the header is required', () => {
    expect(webhook.verify(request({}), config('optional'))).toBe('unverifiable');
    expect(webhook.verify(request({}), config('required'))).toBe('invalid');
  });

  it('is refused while no app is configured, and by another method than POST', () => {
    expect(webhook.verify(request({ 'garmin-client-id': '' }), {})).toBe('invalid');
    expect(webhook.verify(request({ 'garmin-client-id': 'our-app' }, 'GET'), config('optional'))).toBe('invalid');
  });
});

describe('what Garmin needs', () => {
  it('is exactly 200 within 30 s, for bodies over 100 MB', () => {
    expect(webhook.answer).toEqual({ status: 200 });
    expect(webhook.deadlineS).toBe(30);
    expect(webhook.maxBytes).toBeGreaterThan(100 * 1024 * 1024);
  });
});
