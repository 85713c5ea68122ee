/**
 * Rows of cells as lines with columns aligned to the right, but for some.
 * @param leftColumns indices of those aligned to the left
 */
export function alignColumns(
  rows: readonly (readonly string[])[],
  gap = '  ',
  leftColumns: ReadonlySet<number> = new Set([0]),
): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    }
  }
  return rows.map((row) =>
    row
      .map((cell, column) =>
        leftColumns.has(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join(gap)
      .trimEnd(),
  );
}
