import { type DataTypeNode, type OrderByItemNode, PostgresAdapter, PostgresQueryCompiler, RawNode, sql } from 'kysely';
import type { SchemaDialect } from '../migrations/statements-of.ts';

/** Writes tables whose rows lie in the order they have on SQLite, whatever language the database was made for. */
class SchemaCompiler extends PostgresQueryCompiler {
  /** Ids and days are compared byte by byte. */
  protected override visitDataType(node: DataTypeNode): void {
    super.visitDataType(node);
    if (node.dataType === 'text') this.append(' collate "C"');
  }

  /** Without a value is less than any value. */
  protected override visitOrderByItem(node: OrderByItemNode): void {
    super.visitOrderByItem(node);
    const { direction } = node;
    const isDescending = direction !== undefined && RawNode.is(direction) && direction.sqlFragments[0] === 'desc';
    if (isDescending) this.append(' nulls last');
  }
}

export const postgresSchema: SchemaDialect = {
  createAdapter: () => new PostgresAdapter(),
  createQueryCompiler: () => new SchemaCompiler(),
  spelling: {
    serial: { type: 'bigserial', key: (column) => column.primaryKey() },
    surrogate: { type: 'bigserial', key: (column) => column.primaryKey() },
    bytes: 'bytea',
    keyed: sql``,
  },
};
