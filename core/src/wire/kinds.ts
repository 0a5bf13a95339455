/** The kinds of object that travel. One word per idea: see the glossary in ARCHITECTURE.md. */
export const KINDS = [
  'profile',
  'settings',
  'plan',
  'planned_workout',
  'completion',
  'activity',
  'wellness_day',
  'sleep',
  'measurement',
  'nutrition_day',
  'race',
  'forecast',
  'insight',
  'question',
  'gear',
] as const;
export type Kind = (typeof KINDS)[number];
