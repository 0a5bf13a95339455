import type { DeltaRow, Kind } from '@coach-hub/core';

/** Columns of `object` that travel, in the order `objectDelta` takes them. */
export const TRAVELLING_COLUMNS = ['kind', 'id', 'rev', 'day', 'deleted', 'data', 'alt'] as const;

export function objectDelta(tuple: unknown[]): DeltaRow {
  const [kind, id, rev, day, deleted, data, alt] = tuple as [
    Kind,
    string,
    number,
    string | null,
    number,
    string,
    string | null,
  ];
  return { kind, id, rev, day, deleted: deleted === 1, data, alt, aliasOf: null };
}

export function aliasDelta(row: { kind: string; oldId: string; objectId: string; rev: number }): DeltaRow {
  return {
    kind: row.kind as Kind,
    id: row.oldId,
    rev: row.rev,
    day: null,
    deleted: false,
    data: '{}',
    alt: null,
    aliasOf: row.objectId,
  };
}
