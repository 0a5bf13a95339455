/** The parameter `deliver`: which forms of an activity are announced, and whether by push or by ping. */
import { isStream } from '../notification-types.ts';
import { listParam, type Params } from './params.ts';
import type { UploadedRecord } from './world.ts';

export const FORMS = ['summary', 'details', 'file'];
const STREAM_OF: { readonly [form: string]: UploadedRecord['stream'] } = {
  summary: 'activities',
  details: 'activityDetails',
  file: 'activityFiles',
};

/** @param otherwise the forms when the parameter names none. */
export function deliveryOf(params: Params, otherwise: string[]) {
  const wanted = listParam(params, 'deliver', otherwise);
  const streams = new Set(wanted.map((form) => STREAM_OF[form] ?? form).filter(isStream));
  const mode: 'push' | 'ping' | undefined = wanted.includes('ping')
    ? 'ping'
    : wanted.includes('push')
      ? 'push'
      : undefined;
  // "ping" alone says how, not what.
  if (streams.size === 0) for (const form of otherwise) streams.add(STREAM_OF[form]!);
  return { streams, mode };
}
