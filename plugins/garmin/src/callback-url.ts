/**
 * Whether a notification may make us fetch this address: it was written by whoever called the webhook, and the call
 * carries the athlete's token.
 *
 * Here, only what the egress cannot know: that Garmin's callbacks lie below one path. Any other host, scheme, port or
 * user name is left to the egress, which refuses it before a byte is sent and tells the operator.
 */
const API_ORIGIN = 'https://apis.garmin.com';
const API_PATH = '/wellness-api/rest/';

export function isCallbackUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.origin !== API_ORIGIN || url.pathname.startsWith(API_PATH);
}

/** The address with its pull token blotted out, for dead letters that people read. */
export function withoutToken(text: string): string {
  return text.replace(/([?&]token=)[^&#]*/gi, '$1…');
}
