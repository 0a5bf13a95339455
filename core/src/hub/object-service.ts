/** Objects as people read them: view, explanation, series, original file. */

import { HubError } from '../error/hub-error.ts';
import type { Channel } from '../formats/decoded.ts';
import type { Claim } from '../ledger/claim.ts';
import { explain } from '../ledger/explain.ts';
import { compareClaims } from '../ledger/record.ts';
import type { AthleteFacts } from '../ledger/resolve.ts';
import { channelClaims } from '../ledger/series-of.ts';
import { viewOf } from '../ledger/view.ts';
import { fieldsOf } from '../model/registry.ts';
import { downsampleSeries } from '../series/downsample.ts';
import { decodeSeries } from '../series/series-codec.ts';
import type { StoredObject } from '../store/athlete-change.ts';
import type { JsonObject } from '../wire/json.ts';
import { KINDS, type Kind } from '../wire/kinds.ts';
import type { WireObject } from '../wire/sync.ts';
import type { ObjectService, SeriesAnswer } from './hub.ts';
import type { HubParts } from './hub-parts.ts';

/** Of an athlete whose row is gone. */
const NOTHING_SAID: AthleteFacts = { timeZone: null, sourcePriority: {} };

const DEFAULT_POINTS = 500;
const MAX_POINTS = 10_000;
const LIST_LIMIT = 200;

function kindOf(text: string): Kind {
  const kind = KINDS.find((known) => known === text);
  if (kind !== undefined) return kind;
  throw new HubError('not_found', {
    what: `There are no objects of kind "${text}".`,
    why: 'It is not a kind the hub knows.',
    fix: `Use one of: ${KINDS.join(', ')}.`,
  });
}

function notThere(kind: Kind, id: string): HubError {
  return new HubError('not_found', {
    what: `There is no ${kind} "${id}" for this athlete.`,
    why: 'It was never stored, was deleted, or belongs to somebody else.',
    fix: `List what there is with GET /v1/objects/${kind}.`,
  });
}

function wireObject(object: StoredObject): WireObject {
  const { kind, id, rev, day, data, alt } = object;
  const wire: WireObject = { kind, id, rev, day, data: JSON.parse(data) as JsonObject };
  return alt === null ? wire : { ...wire, alt: JSON.parse(alt) as { [field: string]: JsonObject } };
}

export function createObjectService(parts: Pick<HubParts, 'store' | 'blobs'>): ObjectService {
  const { store, blobs } = parts;

  async function live(
    athleteId: string,
    kindText: string,
    id: string,
  ): Promise<{ object: StoredObject; facts: AthleteFacts }> {
    const kind = kindOf(kindText);
    const [object, athlete] = await Promise.all([store.object(athleteId, kind, id), store.athlete(athleteId)]);
    if (object === null || object.deleted) throw notThere(kind, id);
    return { object, facts: athlete ?? NOTHING_SAID };
  }

  function view(object: StoredObject, facts: AthleteFacts) {
    return viewOf(object.kind, object.state, fieldsOf(object.kind) ?? {}, facts);
  }

  return {
    async get(athleteId, kind, id) {
      const { object, facts } = await live(athleteId, kind, id);
      return { ...wireObject(object), provenance: view(object, facts).provenance };
    },
    async list(athleteId, kind, { limit, ...days }) {
      const found = await store.objects(athleteId, kindOf(kind), {
        ...days,
        limit: Math.min(limit ?? LIST_LIMIT, LIST_LIMIT),
      });
      return found.filter((object) => !object.deleted).map(wireObject);
    },
    async explain(athleteId, kindText, id) {
      const kind = kindOf(kindText);
      const [object, athlete] = await Promise.all([store.object(athleteId, kind, id), store.athlete(athleteId)]);
      if (object === null) throw notThere(kind, id);
      return explain(object, athlete ?? NOTHING_SAID);
    },
    async series(athleteId, kind, id, options) {
      const { object, facts } = await live(athleteId, kind, id);
      return {
        kind: object.kind,
        id: object.id,
        series: await readSeries(athleteId, view(object, facts).resolved, options),
      };
    },
    async file(athleteId, kind, id) {
      const { object } = await live(athleteId, kind, id);
      const claim = Object.values(object.state.claims)
        .filter((candidate) => candidate.file !== null && candidate.fields !== null)
        .sort(compareClaims)[0];
      const stored = claim?.file == null ? null : await blobs.stream({ athleteId, sha256: claim.file.sha256 });
      if (claim?.file == null || stored === null) {
        throw new HubError('blob_missing', {
          what: `There is no original file of ${kind} "${id}".`,
          why: 'No source brought one, or its retention is over.',
          fix: 'Import the file with "coach import", or ask for its series instead.',
        });
      }
      return { name: claim.file.name, mediaType: claim.file.mediaType, bytes: stored.bytes, body: stored.body };
    },
  };

  async function readSeries(
    athleteId: string,
    resolved: Parameters<typeof channelClaims>[0],
    options: { channels?: string[]; points?: number },
  ): Promise<SeriesAnswer['series']> {
    const byClaim = new Map<Claim, Channel[]>();
    for (const [channel, claim] of channelClaims(resolved)) {
      if (options.channels !== undefined && !options.channels.includes(channel)) continue;
      byClaim.set(claim, [...(byClaim.get(claim) ?? []), channel]);
    }
    const points = Math.max(2, Math.min(options.points ?? DEFAULT_POINTS, MAX_POINTS));
    const answers: SeriesAnswer['series'] = [];
    for (const [claim, channels] of byClaim) {
      const bytes = claim.series === null ? null : await blobs.get({ athleteId, sha256: claim.series.sha256 });
      if (bytes === null) continue;
      const sampled = downsampleSeries(decodeSeries(bytes, channels), channels, points);
      answers.push({
        source: `provider:${claim.provider}`,
        points: sampled.timeS.length,
        timeS: sampled.timeS,
        channels: sampled.channels,
      });
    }
    return answers;
  }
}
