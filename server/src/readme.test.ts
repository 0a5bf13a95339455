import { readFileSync } from 'node:fs';
import { silentLog } from '@coach-hub/core';
import { describe, expect, it } from 'vitest';
import * as exported from './index.ts';
import { hubDouble } from './testing/hub-double.test-support.ts';
import { SECRET } from './testing/test-server.test-support.ts';

/** The example of the README as a function of what it takes for granted. */
function readmeExample(): (given: { [name: string]: unknown }) => Promise<void> {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const code = example.replace(/import (\{[^}]*\}) from '@coach-hub\/server';/, 'const $1 = exported;');
  return (given) => {
    const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
    return new AsyncFunction(...Object.keys(given), code)(...Object.values(given));
  };
}

describe('the example of the README', () => {
  it('opens a server and closes it', async () => {
    const printed: string[] = [];
    await readmeExample()({
      exported,
      hub: hubDouble({}),
      secret: SECRET,
      operatorKeys: [],
      config: { publicUrl: null, trustProxy: false },
      clock: { now: () => 0 },
      random: { bytes: (count: number) => new Uint8Array(count), uuid: () => 'unused' },
      log: silentLog,
      port: 0,
      console: { log: (line: string) => void printed.push(line) },
    });
    expect(printed).toEqual([expect.stringMatching(/^Coach Hub answers at http:\/\/127\.0\.0\.1:\d+$/)]);
  });
});
