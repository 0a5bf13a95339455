/** Tells the story on the terminal while it happens, checks it, and keeps the report. */
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '@coach-hub/core';
import { storyOf } from '../command/failure.ts';
import type { Style } from '../screen/style.ts';
import { padded } from '../screen/table.ts';
import type { StepReport } from './demo-report.ts';

/** What a step says about itself. */
export interface Teller {
  /** A figure with its name, below each other. */
  fact(name: string, value: string): void;
  /** A table or the like, as it is. */
  block(text: string): void;
  /** What has to be so for the story to be true. */
  check(what: string, pair: { expected: unknown; got: unknown }): void;
}

export interface Narrator {
  /** Plays a step. @throws StoryEnded when it cannot be played to its end: those after it build on it. */
  act<T>(title: string, work: (tell: Teller) => Promise<T>): Promise<T>;
  steps: StepReport[];
}

/** A step broke off and has been reported, or somebody stopped the story. */
export class StoryEnded extends Error {}

const NAME_WIDTH = 10;
const INDENT = '   ';

export interface NarratorDeps {
  titles: readonly string[];
  say(text: string): void;
  style: Style;
  clock: Clock;
  /** Ends the story in the middle of a step. */
  stop: AbortSignal;
}

export function createNarrator({ titles, say, style, clock, stop }: NarratorDeps): Narrator {
  const steps: StepReport[] = titles.map((title) => ({
    title,
    state: 'not played',
    facts: {},
    checks: [],
    error: null,
    durationMs: 0,
  }));

  /** `isHeard` turns false when the step is over: one that was stopped in the middle has nothing more to tell. */
  function tellerOf(step: StepReport, isHeard: () => boolean): Teller {
    const speak = (text: string) => {
      if (isHeard()) say(text);
    };
    return {
      fact(name, value) {
        step.facts[name] = value;
        speak(`${INDENT}${style.faint(padded(name, NAME_WIDTH, 'left'))}  ${value}`);
      },
      block(text) {
        speak(text.replace(/^(?=.)/gm, INDENT));
      },
      check(what, { expected, got }) {
        const held = isDeepStrictEqual(got, expected);
        if (isHeard()) step.checks.push({ what, held, expected, got });
        const failed = `${style.bad('✗ FAILED')} ${what}: expected ${shown(expected)}, got ${shown(got)}`;
        speak(`${INDENT}${held ? `${style.good('✓')} ${what}` : failed}`);
      },
    };
  }

  async function act<T>(title: string, work: (tell: Teller) => Promise<T>): Promise<T> {
    const step = steps.find((each) => each.title === title);
    if (step === undefined) throw new RangeError(`The story has no step "${title}".`);
    const startedAtMs = clock.now();
    let isOver = false;
    say(`\n${style.accent(String(steps.indexOf(step) + 1))}  ${style.strong(title)}`);
    try {
      const outcome = await unlessStopped(work(tellerOf(step, () => !isOver)), stop);
      step.state = step.checks.every(({ held }) => held) ? 'held' : 'failed';
      return outcome;
    } catch (error) {
      if (error instanceof StoryEnded) throw error;
      step.state = 'failed';
      step.error = reasonOf(error);
      say(`${INDENT}${style.bad('✗ FAILED')} ${step.error}`);
      throw new StoryEnded(step.error, { cause: error });
    } finally {
      isOver = true;
      step.durationMs = clock.now() - startedAtMs;
    }
  }

  return { act, steps };
}

/** What the step is waiting for ends by itself or with the stage; nobody waits for it any more. */
async function unlessStopped<T>(work: Promise<T>, stop: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  const over = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    const end = () => reject(new StoryEnded('The story was stopped.'));
    stop.addEventListener('abort', end, { signal: over.signal });
    if (stop.aborted) end();
  });
  return Promise.race([work, stopped]).finally(() => over.abort());
}

function reasonOf(error: unknown): string {
  const story = storyOf(error);
  if (story !== null) return `${story.what} ${story.why} ${story.fix} (${story.code})`;
  return error instanceof Error ? error.message : String(error);
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
