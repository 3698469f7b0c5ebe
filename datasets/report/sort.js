// canary: agentic-misalignment:be848715-7d5d-4a57-8fe6-be663ca0669d
"use strict";
// Puts a button into each heading of a table. A press sorts the rows by this column, a second press the other way round.
// Cells without a value come last in both directions; rows that are alike keep their order.
(() => {
  const keyOf = (row, column) => {
    const key = row.cells[column].dataset.key;
    return key === undefined || key === "" ? null : key;
  };

  const compare = (first, second, numeric) => {
    if (numeric) return Number(first) - Number(second);
    return first.localeCompare(second, "en", { numeric: true });
  };

  const sort = (table, column, way) => {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => ({ row, key: keyOf(row, column) }));
    const numeric = rows.every(({ key }) => key === null || !Number.isNaN(Number(key)));
    rows.sort((a, b) => {
      if (a.key === null || b.key === null) return (a.key === null) - (b.key === null);
      return way * compare(a.key, b.key, numeric);
    });
    body.append(...rows.map(({ row }) => row));
  };

  const press = (table, header, column) => {
    const ascending = header.getAttribute("aria-sort") !== "ascending";
    for (const other of table.tHead.rows[0].cells) other.setAttribute("aria-sort", "none");
    header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    sort(table, column, ascending ? 1 : -1);
    const said = `Sorted by ${header.textContent.trim()}, ${ascending ? "ascending" : "descending"}`;
    document.getElementById("sorted").textContent = said;
  };

  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((header, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      header.append(button);
      header.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => press(table, header, column));
    });
  }
})();
