import assert from 'node:assert/strict';
import type { ErrorCode } from '../../error/catalogue.ts';
import { HubError } from '../../error/hub-error.ts';

/** The promise must reject with this code. */
export async function refusedWith(code: ErrorCode, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof HubError, `expected a HubError, got ${String(error)}`);
    assert.equal(error.code, code);
    return true;
  });
}

/** Waits for something that happens by itself, at most about five seconds. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`never happened: ${what}`);
}
