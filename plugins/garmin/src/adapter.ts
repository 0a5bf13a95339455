/**
 * Garmin: activities of the Connect Developer Program, by push, ping and file.
 *
 * Vendor facts, limits and policy. How we connect is auth.ts, what they send is split.ts, what it means is normalise.ts.
 */
import type { ProviderAdapter } from '@coach-hub/core';
import { auth } from './auth.ts';
import { normalise } from './normalise.ts';
import { streams } from './streams.ts';
import { webhook } from './webhook.ts';

const DAY_S = 86_400;

/** Raise it with every change of `normalise` that changes claims. */
const MAPPING_VERSION = 3;

export const plugin: ProviderAdapter = {
  id: 'garmin',
  displayName: 'Garmin',
  variant: null,
  // Keys are given to legal entities after a review; evaluation keys come first.
  lifecycle: { state: 'partner_only' },
  mappingVersion: MAPPING_VERSION,
  streams,
  hosts: {
    'garmin.connect': 'https://connect.garmin.com',
    'garmin.auth': 'https://diauth.garmin.com',
    'garmin.api': 'https://apis.garmin.com',
  },
  // Production keys. Evaluation keys allow 100 calls a minute and 200 per athlete and day; 429 is waited out.
  limits: [
    { scope: 'app', windowS: 60, requests: 3_000, window: 'rolling', remainingHeader: null },
    { scope: 'user', windowS: DAY_S, requests: 1_000, window: 'rolling', remainingHeader: null },
  ],
  policy: {
    // The programme's documents set no term for stored activity data; disconnect and erasure do.
    retentionDays: null,
    // Not granted in the documents we read: an operator whose agreement says otherwise changes it here.
    aiUse: 'forbidden',
    merging: 'allowed',
    audience: 'owner_and_coach',
    attribution: { text: 'Garmin', url: 'https://connect.garmin.com' },
    deleteOnDisconnect: false,
    region: null,
  },
  // Requests of at most 30 days, answered through the webhook, for athletes who allow HISTORICAL_DATA_EXPORT.
  history: { type: 'on_request', maxWindowDays: 30 },
  auth,
  webhook,
  normalise,
};
