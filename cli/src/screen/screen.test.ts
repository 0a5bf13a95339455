import type { PluginInfo } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import { doctorScreen } from './doctor.ts';
import { valueText } from './explanation.ts';
import { bytes, count, counted, distance, duration, milliseconds } from './figures.ts';
import { pluginsScreen } from './plugins.ts';
import { createStyle, plain, shownLength } from './style.ts';
import { pairs, table } from './table.ts';

describe('figures', () => {
  it('read as people write them', () => {
    expect([count(3_601), counted(1, 'file'), counted(2, 'delivery', 'deliveries')]).toEqual([
      '3,601',
      '1 file',
      '2 deliveries',
    ]);
    expect([distance(10_120), distance(870.4), distance(null)]).toEqual(['10.12 km', '870 m', '']);
    expect([duration(3_600), duration(275), duration(null)]).toEqual(['1:00:00', '4:35', '']);
    expect([bytes(842), bytes(84_200), bytes(1_300_000)]).toEqual(['842 bytes', '84.2 KB', '1.3 MB']);
    expect([milliseconds(38), milliseconds(1_400)]).toEqual(['38 ms', '1.4 s']);
  });

  it('of an explanation are short, whatever the value', () => {
    expect([
      valueText(10_120, 'm'),
      valueText(2.81111, null),
      valueText([1], null),
      valueText({}, null),
      valueText(null, 'm'),
    ]).toEqual(['10120 m', '2.811', '[1 entry]', '{0 members}', '–']);
    expect(valueText('x'.repeat(99), null)).toHaveLength(32);
  });
});

describe('a table', () => {
  it('has columns as wide as their widest cell, whatever its colour', () => {
    const { good } = createStyle(true);
    const rows = [
      [good('ok'), '1'],
      ['not ok', '23'],
    ];
    const lines = table([{ head: 'state' }, { head: 'n', align: 'right' }], rows).split('\n');
    expect(lines.map(shownLength)).toEqual([10, 10, 10]);
    expect(lines[2]).toBe('not ok  23');
  });
});

describe('pairs', () => {
  it('are broken between words, under their value', () => {
    expect(
      pairs(
        [
          ['run', 'Records runs and announces them.'],
          ['log', 'All.'],
        ],
        '  ',
        24,
      ),
    ).toBe(['  run  Records runs and', '       announces them.', '  log  All.'].join('\n'));
  });
});

describe('a provider that lacks what athletes need to connect accounts', () => {
  const stride: PluginInfo = {
    id: 'stride',
    displayName: 'Stride',
    kinds: ['provider'],
    packageName: 'coach-plugin-stride',
    version: '1.2.3',
    foundBy: 'dependency',
    state: 'ready',
    reason: null,
    missing: ['COACH_STRIDE_CLIENT_ID', 'COACH_STRIDE_CLIENT_SECRET'],
    streams: [],
    hasFake: false,
  };

  it('is listed as not set up, with what to set', () => {
    const [, row, ...rest] = pluginsScreen([stride], plain).split('\n');
    expect(row).toMatch(/^stride +provider +not set up +1\.2\.3 /);
    expect(rest).toEqual([
      '',
      'Stride (stride) is not set up',
      '  Set COACH_STRIDE_CLIENT_ID, COACH_STRIDE_CLIENT_SECRET.',
    ]);
    expect(pluginsScreen([{ ...stride, missing: [] }], plain)).toMatch(/^stride +provider +ready /m);
  });

  it('is a warning of the doctor and not a failure', () => {
    const checks = [
      { name: 'vault', ok: true, detail: 'sealed', fix: null },
      {
        name: 'stride',
        ok: true,
        detail: 'not set up: no account can be connected',
        fix: 'Set COACH_STRIDE_CLIENT_ID.',
      },
    ];
    const none = { count: 0, bytes: 0 };
    const blobs = { inbox: none, athletes: none };
    const diskUse = { databaseBytes: 4_096, walBytes: 0, freeBytes: 0, tables: { object: 4_096 }, blobs };
    const screen = doctorScreen({ ok: true, checks, counts: {}, diskUse, plugins: [stride] }, plain).split('\n');
    expect(screen.slice(0, 3)).toEqual([
      'ok      vault   sealed',
      'warn    stride  not set up: no account can be connected',
      '                Set COACH_STRIDE_CLIENT_ID.',
    ]);
    expect(screen.at(-1)).toBe('Everything holds; 1 warning above.');
  });
});
