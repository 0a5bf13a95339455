import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type EnvelopeView, Manifest, type Ref } from '@coach-hub/core';
import { FitBaseType, FitEncoder } from 'fit-file-parser/encoder';
import { describe, expect, it } from 'vitest';
import { plugin } from './index.ts';
import { normalise } from './normalise.ts';

const FIT_EPOCH_S = 631_065_600;
const START_S = Date.parse('2026-05-01T06:00:00Z') / 1_000;

const enumeration = (number: number, value: number) => ({ number, size: 1, baseType: FitBaseType.Enum, value });
const u8 = (number: number, value: number) => ({ number, size: 1, baseType: FitBaseType.Uint8, value });
const u16 = (number: number, value: number) => ({ number, size: 2, baseType: FitBaseType.Uint16, value });
const u32 = (number: number, value: number) => ({ number, size: 4, baseType: FitBaseType.Uint32, value });
const u32z = (number: number, value: number) => ({ number, size: 4, baseType: FitBaseType.Uint32z, value });

/** A file of so many one-minute sessions, a record a second each; `type` 4 is an activity, 6 a course. */
function fitFile({ sessions = 1, type = 4 } = {}): Uint8Array {
  const fit = new FitEncoder();
  const start = START_S - FIT_EPOCH_S;
  fit.writeMessage(0, [enumeration(0, type), u16(1, 1), u16(2, 4024), u32z(3, 123_456), u32(4, start)]);
  for (let session = 0; session < sessions; session++) {
    const from = start + session * 60;
    for (let second = 0; second < 60; second++) {
      fit.writeMessage(20, [u32(253, from + second), u32(5, second * 300), u8(3, 120 + session)], 1);
    }
    const figures = [u32(7, 59_000), u32(8, 59_000), u32(9, 17_700), u8(16, 120 + session), u8(17, 125 + session)];
    fit.writeMessage(19, [u32(253, from + 59), u32(2, from), ...figures.slice(0, 3)], 2);
    if (type === 4)
      fit.writeMessage(18, [u32(253, from + 59), u32(2, from), enumeration(5, session === 1 ? 2 : 1), ...figures], 3);
  }
  return fit.close();
}

function imported(bytes: Uint8Array, ref: Ref = { fileName: 'morning.fit', timeZone: 'Europe/Zurich' }): EnvelopeView {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { stream: 'file', externalId: sha256, bytes, ref, sha256 };
}

describe('a FIT file', () => {
  it('is one claim under the hash of its bytes, and one row of figures', () => {
    const view = imported(fitFile());
    const { claims, report } = normalise(view);
    expect(claims).toMatchObject([
      {
        externalId: view.sha256,
        form: 'file',
        part: 0,
        origin: 'device',
        identities: expect.arrayContaining([`file:${view.sha256}:0`]),
        file: { name: 'morning.fit', mediaType: 'application/vnd.ant.fit' },
        fields: { startedAt: '2026-05-01T06:00:00.000Z', timeZone: 'Europe/Zurich', sport: 'run' },
      },
    ]);
    expect(report).toEqual([
      {
        part: 0,
        status: 'complete',
        sport: 'run',
        startedAtMs: START_S * 1_000,
        distanceM: 177,
        elapsedS: 59,
        timerS: 59,
        avgHeartRateBpm: 120,
        maxHeartRateBpm: 125,
        ascentM: null,
        records: 60,
        recordsSetAside: 0,
        laps: 1,
        notes: expect.any(Array),
      },
    ]);
  });

  it('with several sessions is a claim and a row for each, in one order', () => {
    const { claims, report } = normalise(imported(fitFile({ sessions: 2 })));
    expect(claims.map(({ part, fields }) => [part, fields!.sport])).toEqual([
      [1, 'run'],
      [2, 'ride'],
    ]);
    expect(report).toMatchObject([
      { part: 1, sport: 'run', records: 60 },
      { part: 2, sport: 'ride', records: 60 },
    ]);
    expect(new Set(claims.map(({ groupKey }) => groupKey)).size).toBe(1);
  });

  it('that is cut is read as far as it goes, and says so', () => {
    const { claims, report } = normalise(imported(fitFile().subarray(0, 500)));
    expect(claims).toHaveLength(1);
    expect(report).toMatchObject([{ status: 'partial', notes: expect.arrayContaining(['no_session_message']) }]);
  });

  it('needs neither a name nor a zone', () => {
    const [claim] = normalise(imported(fitFile(), {})).claims;
    expect(claim!.file).toMatchObject({ name: null });
    expect(claim!.fields).not.toHaveProperty('timeZone');
  });
});

describe('a file without an activity', () => {
  it('is a row that says so, and no claim', () => {
    const { claims, report } = normalise(imported(fitFile({ type: 6 })));
    expect(claims).toEqual([]);
    expect(report).toEqual([
      { status: 'no_activity', code: 'course_file', what: expect.any(String), records: 60, laps: 1 },
    ]);
  });

  it.each([
    ['empty', new Uint8Array(0), 'empty_file'],
    ['something else', new TextEncoder().encode('hello'), 'not_an_activity_file'],
    ['of a format to come', new TextEncoder().encode('<gpx version="1.1"/>'), 'unsupported_format'],
  ])('is an unreadable row when it is %s', (_what, bytes, code) => {
    const { claims, report } = normalise(imported(bytes));
    expect(claims).toEqual([]);
    expect(report).toEqual([{ status: 'unreadable', code, what: expect.any(String), records: 0, laps: 0 }]);
  });
});

describe('the manifest', () => {
  it('is valid, and says what the code does', () => {
    const { coach } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      coach: unknown;
    };
    const manifest = Manifest.parse(coach);
    expect([manifest.id, manifest.streams, manifest.hosts]).toEqual([
      plugin.id,
      Object.keys(plugin.streams),
      plugin.hosts,
    ]);
    expect(plugin.file).toEqual({ extensions: ['.fit'], maxBytes: 64 * 1024 * 1024, stream: 'file' });
  });
});
