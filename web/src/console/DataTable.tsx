import { ArrowDown, ArrowUp } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../ui/Icon.js";

export interface Column<T> {
  key: string;
  label: string;
  cell(row: T): ComponentChildren;
  /** What to sort by; without it the column does not sort. */
  sort?(row: T): string | number;
  class?: string;
  /** The label is for screen readers only. */
  silent?: boolean;
}

export interface DataTableProps<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf(row: T): string;
  onOpen?(row: T): void;
  testId?: string;
}

/** A table with a header that stays, sorted by a press on it. */
export function DataTable<T>({ label, columns, rows, keyOf, onOpen, testId }: DataTableProps<T>) {
  const [order, setOrder] = useState<{ key: string; down: boolean }>();
  const sort = columns.find((column) => column.key === order?.key)?.sort;
  const shown = sort ? [...rows].sort((a, b) => compare(sort(a), sort(b)) * (order?.down ? -1 : 1)) : rows;
  const turn = (key: string) => {
    if (order?.key !== key) setOrder({ key, down: false });
    else setOrder(order.down ? undefined : { key, down: true });
  };
  return (
    <div class="table-scroll scroll" role="region" aria-label={label} tabIndex={0}>
      <table class="table" data-testid={testId}>
        <thead>
          <tr>
            {columns.map((column) => {
              const sorted = order?.key === column.key;
              return (
                <th
                  key={column.key}
                  scope="col"
                  class={column.class}
                  aria-sort={sorted ? (order.down ? "descending" : "ascending") : undefined}
                >
                  {column.sort ? (
                    <button type="button" class="table-sort" onClick={() => turn(column.key)}>
                      {column.label}
                      {sorted && <Icon of={order.down ? ArrowDown : ArrowUp} />}
                    </button>
                  ) : (
                    <span class={column.silent ? "sr" : ""}>{column.label}</span>
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr
              key={keyOf(row)}
              class={onOpen ? "table-open" : ""}
              onClick={(event) => {
                // Links and buttons in the row speak for themselves.
                if (onOpen && !(event.target as Element).closest("a, button")) onOpen(row);
              }}
            >
              {columns.map((column) => (
                <td key={column.key} class={column.class}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function compare(a: string | number, b: string | number): number {
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
}
