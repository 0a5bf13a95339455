/** A thread that runs one seed after the other, as it is told, and at the end says which statements ran. */
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

const { INVARIANTS, openSimulator, statementsSeen } = await import(pathToFileURL(workerData.bundle).href);
const runSeed = await openSimulator(workerData.folder);

parentPort.on('message', async (seed) => {
  if (seed === null) {
    parentPort.postMessage({ seen: statementsSeen() });
    parentPort.close();
    return;
  }
  const result = await runSeed(seed);
  parentPort.postMessage({ result: { ...result, invariants: INVARIANTS.length } });
});
parentPort.postMessage({});
