/** The athlete's browser on the consent page: opens it, keeps its hidden fields, answers, and follows the redirect. */
import { HubError } from '@coach-hub/core';
import { DEFAULT_PERMISSIONS } from './world.ts';

const HIDDEN_FIELD = /<input type="hidden" name="([^"]*)" value="([^"]*)">/g;
const ENTITIES: { readonly [entity: string]: string } = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

export async function followConsent(answer: {
  url: string;
  userId: string;
  permissions: string[] | null;
  decision: 'allow' | 'decline';
  follow: boolean;
}): Promise<{ [key: string]: unknown }> {
  if (!URL.canParse(answer.url)) throw refused('It is no address.');
  const page = await fetch(answer.url, { headers: { accept: 'text/html' } });
  const text = await page.text();
  if (page.status !== 200) throw refused(`The page answered ${page.status}.`);
  const form = new URLSearchParams();
  for (const [, name, value] of text.matchAll(HIDDEN_FIELD)) form.append(name!, unescaped(value!));
  form.append('userId', answer.userId);
  form.append('decision', answer.decision);
  for (const permission of answer.permissions ?? DEFAULT_PERMISSIONS) form.append('permission', permission);
  const answered = await fetch(new URL('/oauth2Confirm', answer.url), {
    method: 'POST',
    body: form,
    redirect: 'manual',
  });
  const location = answered.headers.get('location');
  if (location === null) throw refused(`The answer was ${answered.status} and led nowhere.`);
  const outcome = { userId: answer.userId, decision: answer.decision, redirectUrl: location };
  if (!answer.follow) return outcome;
  const callback = await fetch(location, { redirect: 'manual' });
  const body = await callback.text();
  return {
    ...outcome,
    callbackStatus: callback.status,
    callbackLocation: callback.headers.get('location'),
    callbackBody: body,
  };
}

function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}

function refused(why: string): HubError {
  return new HubError('bad_request', {
    what: 'The consent page could not be followed.',
    why,
    fix: 'Pass the authorise address of a connect that was just started, as "url".',
  });
}
