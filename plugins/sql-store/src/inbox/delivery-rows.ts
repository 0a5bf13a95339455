import type { Delivery, NewDelivery } from '@coach-hub/core';
import type { Params, Prepare } from '../database/statement.ts';

type DeliveryColumns = {
  plugin: string;
  route: string;
  headers: string;
  body: Uint8Array | null;
  blobSha256: string | null;
  bytes: number;
  receivedAtMs: number;
  context: string | null;
  repeatsId: number | null;
  repeatsPlace: number | null;
};

export function deliveryStatements(prepare: Prepare) {
  return {
    insert: prepare((db, p: Params<DeliveryColumns>) =>
      db
        .insertInto('delivery')
        .values({
          plugin: p.plugin,
          route: p.route,
          headers: p.headers,
          body: p.body,
          blob_sha256: p.blobSha256,
          bytes: p.bytes,
          received_at_ms: p.receivedAtMs,
          context: p.context,
          repeats_id: p.repeatsId,
          repeats_place: p.repeatsPlace,
        })
        .returning('id'),
    ),
    repeated: prepare((db, p: Params<{ id: number }>) =>
      db
        .selectFrom('delivery')
        .select(['repeats_id as repeatsId', 'repeats_place as repeatsPlace'])
        .where('id', '=', p.id),
    ),
    remove: prepare((db, p: Params<{ id: number }>) => db.deleteFrom('delivery').where('id', '=', p.id)),
    oldest: prepare((db, p: Params<{ limit: number }>) =>
      db
        .selectFrom('delivery')
        .select([
          'id',
          'plugin',
          'route',
          'headers',
          'body',
          'blob_sha256 as blobSha256',
          'bytes',
          'received_at_ms as receivedAtMs',
          'context',
          'repeats_id as repeatsId',
          'repeats_place as repeatsPlace',
        ])
        .orderBy('id')
        .limit(p.limit),
    ),
  };
}

export function deliveryColumns(delivery: NewDelivery): DeliveryColumns {
  const { plugin, route, headers, body, blobSha256, bytes, receivedAtMs, context } = delivery;
  return {
    plugin,
    route,
    headers: JSON.stringify(headers),
    body,
    blobSha256,
    bytes,
    receivedAtMs,
    context: context && JSON.stringify(context),
    repeatsId: delivery.repeatsId ?? null,
    repeatsPlace: delivery.repeatsPlace ?? null,
  };
}

export function deliveryOf(row: DeliveryColumns & { id: number }): Delivery {
  return {
    ...row,
    route: row.route as Delivery['route'],
    headers: JSON.parse(row.headers) as Delivery['headers'],
    context: row.context === null ? null : (JSON.parse(row.context) as Delivery['context']),
  };
}
