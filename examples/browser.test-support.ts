/** A real browser: the machine's own Chromium, else the one among the development dependencies. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import bundled from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';
import { onTestFinished } from 'vitest';

const ARGUMENTS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function onPath(): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not here.
      }
    }
  }
  return null;
}

/** Gone when the test is over. */
export async function openBrowser(): Promise<Browser> {
  const own = onPath();
  const browser = await chromium.launch({
    executablePath: own ?? (await bundled.executablePath()),
    chromiumSandbox: false,
    args:
      own === null ? [...bundled.args.filter((argument) => argument !== '--single-process'), ...ARGUMENTS] : ARGUMENTS,
  });
  onTestFinished(() => browser.close());
  return browser;
}
