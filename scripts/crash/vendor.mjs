/**
 * The fake vendor, its clock in our hand. What it would send to a hub is caught and handed out instead, so that it can
 * be sent when, and as often as, the story wants.
 */
import { createServer } from 'node:http';
import { silentLog } from '@coach-hub/core';
import { fake } from '@coach-hub/plugin-garmin/fake';
import { startTape } from './tape.mjs';

/** Records of one upload second share a pull window; ours never do. */
const STEP_MS = 2_000;

export async function startVendor({ random, nowMs }) {
  let clockMs = nowMs;
  let caught = [];
  const vendor = await fake.start({ port: 0, now: () => clockMs, random: random.next, log: silentLog });
  const tape = await startTape(vendor.url);
  const letterbox = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    caught.push(Buffer.concat(chunks).toString('utf8'));
    response.writeHead(200).end();
  });
  await new Promise((resolve) => letterbox.listen(0, '127.0.0.1', resolve));
  vendor.setWebhook(`http://127.0.0.1:${letterbox.address().port}/`);

  return {
    vendor,
    tape,
    /** Lets something happen there. @returns what it says, and the bodies it sent, in their order. */
    async act(command, params) {
      clockMs += STEP_MS;
      caught = [];
      const said = await vendor.act(command, params);
      // Hubs fetch where everything is remembered.
      return { ...said, bodies: caught.map((body) => body.replaceAll(vendor.url, tape.url)) };
    },
    async close() {
      await tape.close();
      letterbox.closeAllConnections();
      await new Promise((resolve) => letterbox.close(resolve));
      await vendor.close();
    },
  };
}
