/**
 * Developer fields: columns that an app on the device adds to the native ones.
 *
 * A field is known by the app's index and its field number, never by its name: two apps may both write "Power". The
 * description comes before the first record that uses it and holds until it is replaced.
 */

import { FIT_LIMITS } from './fit-limits.ts';
import type { DeveloperColumn, FieldDescription } from './fit-messages.ts';
import { ColumnSlot } from './record-layout.ts';

interface DescribedColumn {
  description: FieldDescription;
  slot: ColumnSlot;
}

export class DeveloperFields {
  /** Rises with every change, so that a record layout knows when it is out of date. */
  version = 0;
  /** Whether a file used more columns than are kept. */
  overLimit = false;
  private readonly current = new Map<number, FieldDescription>();
  private readonly columns: DescribedColumn[] = [];

  /** A chained file has its own app numbers. */
  startPart(): void {
    this.current.clear();
    this.version++;
  }

  describe(description: FieldDescription): void {
    const key = keyOf(description.developerIndex, description.fieldNumber);
    const before = this.current.get(key);
    if (before !== undefined && isSame(before, description)) return;
    this.current.set(key, description);
    this.version++;
  }

  /** Where the values of a field go; null when it was never described or the limit is reached. */
  column(developerIndex: number, fieldNumber: number): DescribedColumn | null {
    const description = this.current.get(keyOf(developerIndex, fieldNumber));
    if (description === undefined) return null;
    const known = this.columns.find((column) => isSame(column.description, description));
    if (known !== undefined) return known;
    if (this.columns.length === FIT_LIMITS.developerColumns) {
      this.overLimit = true;
      return null;
    }
    const column = { description, slot: new ColumnSlot() };
    this.columns.push(column);
    return column;
  }

  /** The columns that got a value. */
  filled(): DeveloperColumn[] {
    const filled: DeveloperColumn[] = [];
    for (const { description, slot } of this.columns) {
      if (slot.values !== null) filled.push({ description, values: slot.values });
    }
    return filled;
  }
}

function keyOf(developerIndex: number, fieldNumber: number): number {
  return developerIndex * 256 + fieldNumber;
}

function isSame(a: FieldDescription, b: FieldDescription): boolean {
  return (
    a.developerIndex === b.developerIndex &&
    a.fieldNumber === b.fieldNumber &&
    a.baseType === b.baseType &&
    a.name === b.name &&
    a.scale === b.scale &&
    a.offset === b.offset
  );
}
