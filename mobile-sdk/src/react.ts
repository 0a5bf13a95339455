/** Hooks for React and React Native: what is on the screen follows what is on the phone. */
import type { Kind } from '@coach-hub/core/wire';
import { createContext, createElement, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import type { Coach } from './create-coach.ts';
import type { CoachObject, Range } from './local/read.ts';
import type { CoachStatus } from './sync/report.ts';

const Context = createContext<Coach | null>(null);

/** Gives the coach to everything below, and keeps it in sync while it is on the screen. */
export function CoachProvider({ coach, children }: { coach: Coach; children?: ReactNode }) {
  useEffect(() => coach.keepInSync(), [coach]);
  return createElement(Context.Provider, { value: coach }, children);
}

/** @throws Error outside of a `CoachProvider`. */
export function useCoach(): Coach {
  const coach = useContext(Context);
  if (coach === null) throw new Error('useCoach() was called outside of a CoachProvider. Put one around the app.');
  return coach;
}

/** The objects of a kind, newest day first; undefined before they were read for the first time. */
export function useObjects(kind: Kind, { fromDay, toDay, limit }: Range = {}): CoachObject[] | undefined {
  const coach = useCoach();
  const [objects, setObjects] = useState<CoachObject[]>();
  const query = useMemo(() => ({ kind, fromDay, toDay, limit }), [kind, fromDay, toDay, limit]);
  useEffect(() => coach.watch(query, setObjects), [coach, query]);
  return objects;
}

/** One object; null while there is none, undefined before it was looked for. */
export function useObject(kind: Kind, id: string): CoachObject | null | undefined {
  const coach = useCoach();
  const [object, setObject] = useState<CoachObject | null>();
  useEffect(() => coach.watch({ kind, id }, setObject), [coach, kind, id]);
  return object;
}

/** How things stand, for a status line; undefined before it is known. */
export function useSyncStatus(): CoachStatus | undefined {
  const coach = useCoach();
  const [status, setStatus] = useState<CoachStatus>();
  useEffect(() => {
    let isShown = true;
    const read = () => void coach.status().then((next) => isShown && setStatus(next));
    read();
    const end = coach.onEvent(read);
    return () => {
      isShown = false;
      end();
    };
  }, [coach]);
  return status;
}
