export type Labels = Readonly<Record<string, string>>;

/** What stands in every label once there are enough of them. */
export const OTHER = 'other';

/**
 * Keeps a metric from growing without bound: the first `most` sets of labels are taken as they are, every further one
 * becomes a single series of the word `other`. Labels come from bounded sets anyway; this is for the day one does not.
 */
export function boundedLabels(most: number): (labels: Labels) => Labels {
  const known = new Set<string>();
  return (labels) => {
    const key = JSON.stringify(labels);
    if (known.has(key)) return labels;
    if (known.size >= most) return Object.fromEntries(Object.keys(labels).map((name) => [name, OTHER]));
    known.add(key);
    return labels;
  };
}
