/** Dead letters for an operator. Bodies stay out: what is in them is somebody's health. */
import type { DeadLetter, InboxCounts, ReplayOutcome } from '@coach-hub/core';
import { count, counted, minute } from './figures.ts';
import { legible } from './legible.ts';
import type { Style } from './style.ts';
import { pairs, table } from './table.ts';

const COLUMNS = [
  { head: 'no', align: 'right' as const },
  { head: 'received' },
  { head: 'plugin' },
  { head: 'stage' },
  { head: 'code' },
  { head: 'athlete' },
  { head: 'replayed' },
];

/** A letter as a report holds it. */
export function letterReport(letter: DeadLetter) {
  const { id, plugin, stage, code, detail, athleteId, connectionId, envelopeId, body, blobSha256 } = letter;
  return {
    id,
    plugin,
    stage,
    code,
    detail,
    athleteId,
    connectionId,
    envelopeId,
    bytes: body?.length ?? null,
    blobSha256,
    at: isoOf(letter.atMs),
    replayedAt: letter.replayedAtMs === null ? null : isoOf(letter.replayedAtMs),
  };
}

export function lettersScreen(
  counts: InboxCounts,
  found: { all: number; unreplayed: number },
  letters: readonly DeadLetter[],
  next: number | null,
  style: Style,
): string {
  const waiting = [
    counted(counts.deliveries, 'delivery', 'deliveries'),
    `${counted(counts.envelopesNew, 'envelope')} to read`,
    counted(counts.deadLetters, 'dead letter'),
    `${count(counts.unknownIdentities)} of unknown accounts`,
  ];
  const summary = style.faint(waiting.join(' · '));
  if (letters.length === 0) return `No dead letters.\n${summary}`;
  const shown = `${count(letters.length)} of ${counted(found.all, 'letter')}, ${count(found.unreplayed)} not replayed.`;
  const more = next === null ? '' : ` The next page: --before ${next}`;
  return `${table(COLUMNS, letters.map(row))}\n\n${shown}${more}\n${summary}`;
}

export function letterScreen(letter: DeadLetter, style: Style): string {
  const { id, at, replayedAt, detail, bytes, ...facts } = letterReport(letter);
  const shown = Object.entries({ ...facts, bytes, at, replayedAt }).filter(([, value]) => value !== null);
  return [
    style.strong(`Dead letter ${id}`),
    pairs(
      shown.map(([name, value]) => [style.faint(name), String(value)] as const),
      '  ',
    ),
    '',
    legible(detail),
    '',
    style.faint(`Once its adapter is corrected: coach inbox replay ${id}`),
  ].join('\n');
}

export function outcomesScreen(outcomes: readonly ReplayOutcome[], dryRun: boolean, style: Style): string {
  if (outcomes.length === 0) return 'Nothing to replay.';
  const rows = outcomes.map(({ id, outcome, detail }) => [
    String(id),
    outcome === 'failed' || outcome === 'not_found' ? style.bad(outcome) : outcome,
    legible(detail ?? ''),
  ]);
  const done = outcomes.filter(({ outcome }) => outcome === 'replayed' || outcome === 'would_replay').length;
  const summary = dryRun
    ? `${done} of ${outcomes.length} would be read. Nothing was written.`
    : `${done} of ${outcomes.length} read.`;
  return `${table([{ head: 'no', align: 'right' }, { head: 'outcome' }, { head: '' }], rows)}\n\n${summary}`;
}

function row({ id, atMs, plugin, stage, code, athleteId, replayedAtMs }: DeadLetter): string[] {
  const replayed = replayedAtMs === null ? '' : minute(isoOf(replayedAtMs));
  return [String(id), minute(isoOf(atMs)), plugin, stage, code, athleteId ?? '', replayed];
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
