/**
 * Activity files as a source: what `coach import` and uploads from the app go through.
 *
 * A file has no account behind it, so there is nothing to connect and nobody to ask for it: the bytes are the source, and
 * their SHA-256 is their id. What the file was recorded with decides how its values rank, not this route.
 */
import type { ProviderAdapter } from '@coach-hub/core';
import { normalise } from './normalise.ts';

/** Raise it with every change of `normalise` that changes claims. */
const MAPPING_VERSION = 3;
const MAX_BYTES = 256 * 1024 * 1024; // of TCX and GPX, the readers' own limit; of FIT 64 MiB are read

export const plugin: ProviderAdapter = {
  id: 'file',
  displayName: 'Activity files',
  variant: null,
  lifecycle: { state: 'available' },
  mappingVersion: MAPPING_VERSION,
  streams: {
    file: {
      kinds: ['activity'],
      acquisition: new Set(['file_import'] as const),
      permission: null,
      time: { instant: 'utc_with_offset', day: 'start' },
      expectedLatencyS: null,
      provisional: false,
      ambiguousOwner: false,
    },
  },
  hosts: {},
  limits: [],
  // The athlete's own files: they stay until the athlete takes them away.
  policy: {
    retentionDays: null,
    aiUse: 'allowed',
    merging: 'allowed',
    audience: 'owner_and_coach',
    attribution: null,
    deleteOnDisconnect: false,
    region: null,
  },
  history: { type: 'all' },
  auth: { type: 'none' },
  file: { extensions: ['.fit', '.tcx', '.gpx'], maxBytes: MAX_BYTES, stream: 'file' },
  normalise,
};
