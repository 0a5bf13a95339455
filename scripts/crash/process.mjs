/** The built `coach` command in a process of its own, and the end that no program hears coming. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../cli/bin/run.js', import.meta.url));

const running = new Set();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a program of Node.
 *
 * @returns `{ output(), errors(), ended, kill() }`; `ended` resolves with `{ code, signal }` once nothing of it is left.
 */
export function startNode(args, { cwd, env }) {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const said = { stdout: '', stderr: '' };
  const listeners = new Set();
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (text) => {
      said[name] += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
      for (const listener of listeners) listener();
    });
  });
  return {
    output: () => said.stdout,
    errors: () => said.stderr,
    ended,
    isRunning: () => running.has(child),
    kill(signal = 'SIGKILL') {
      child.kill(signal);
      return ended;
    },
    /** Resolves true once stdout holds the text, false when the program ends before. */
    says(text) {
      return new Promise((resolve) => {
        const look = () => {
          if (!said.stdout.includes(text) && running.has(child)) return;
          listeners.delete(look);
          resolve(said.stdout.includes(text));
        };
        listeners.add(look);
        look();
      });
    },
  };
}

export function startCoach(args, { cwd, env = {} }) {
  return startNode([BIN, ...args], { cwd, env: { ...plainEnvironment(), ...env } });
}

/** Without what this shell or `npm run` says to a hub. */
export function plainEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(COACH_|npm_|NODE_OPTIONS$)/.test(name)));
}
