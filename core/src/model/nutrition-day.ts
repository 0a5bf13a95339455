/**
 * Kind `nutrition_day`: what was eaten on a local date, in totals; its id is the date. Never food items. A diary without
 * entries says nothing: its 0 is no fast.
 */
import { type FieldTable, objective, range, subjective } from './field.ts';

const blank = { zeroIsBlank: true } as const;

export const nutritionDay: FieldTable = {
  energyKcal: objective('diet', range(0, 30_000), { abs: 1 }, 'Energy eaten, kcal.', blank),
  carbohydrateG: objective('diet', range(0, 5_000), { abs: 1 }, 'Carbohydrate, g.', blank),
  proteinG: objective('diet', range(0, 2_000), { abs: 1 }, 'Protein, g.', blank),
  fatG: objective('diet', range(0, 2_000), { abs: 1 }, 'Fat, g.', blank),
  fiberG: objective('diet', range(0, 500), { abs: 1 }, 'Fibre, g.', blank),
  sugarG: objective('diet', range(0, 3_000), { abs: 1 }, 'Sugar, g.', blank),
  sodiumMg: objective('diet', range(0, 50_000), { abs: 10 }, 'Sodium, mg.', blank),
  fluidMl: subjective(range(0, 30_000), 'Fluid drunk, mL.', blank),
};
