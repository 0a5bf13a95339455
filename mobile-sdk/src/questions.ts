/** What only a person can decide: is this the same run, which one is it, what to do with what is left of one. */
import type { CoachObject } from './local/read.ts';
import type { Objects } from './objects.ts';

export interface Questions {
  /** Open ones, newest first. `data.code` says what is asked, `data.about` of which objects, `data.options` what to answer. */
  list(): Promise<CoachObject[]>;
  /** The question is closed with the next sync, and what follows from the answer comes with it. */
  answer(id: string, option: string): Promise<void>;
}

export function createQuestions(objects: Objects): Questions {
  return {
    async list() {
      const asked = await objects.list('question');
      return asked.filter(({ data }) => data.answer === undefined);
    },
    answer: (id, answer) => objects.patch('question', id, { answer }),
  };
}
