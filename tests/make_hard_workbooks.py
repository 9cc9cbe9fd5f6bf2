"""Makes the workbooks of tests/hard, in the formats that no library of this project writes.

    python tests/make_hard_workbooks.py      # needs openpyxl and LibreOffice

One register: a title, a header in row 3, an invoice merged over two lines, a hidden line to Pakistan, dates in cells and as
text, tariff codes as text, a total by formula; a hidden sheet of another year; a sheet of notes.
"""
import datetime as dt
import pathlib
import shutil
import subprocess
import tempfile

import openpyxl

HERE = pathlib.Path(__file__).parent / "hard"
HEADINGS = ["Invoice No", "Line", "Ship Date", "Ultimate Consignee", "Country", "ECCN", "License", "HTS", "Qty", "Value", "Currency"]
LINES = [
    ["T-1001", 1, dt.date(2024, 12, 20), "Orchid Instruments Pte", "SG", "EAR99", "NLR", "9026104000", 4, 880.5, "USD"],
    ["", 2, dt.date(2024, 12, 20), "Orchid Instruments Pte", "SG", "3A992.a", "NLR", "9030331000", 1, 1200, "USD"],
    ["T-1002", 1, dt.date(2024, 12, 27), "Chenab Process Controls", "PK", "2B230.a", "NLR", "9026200000", 2, 4100, "USD"],
    ["T-1003", 1, "2025-01-09", "Fjord M\u00e5leteknikk AS", "NO", "EAR99", "NLR", "0106900000", 10, 75.25, "NOK"],
    ["T-1004", 1, dt.date(2025, 1, 15), "Walvis Pumps", "NA", "EAR99", "NLR", "8413500000", 1, 560, "USD"],
]


def register():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Register"
    sheet.append(["Export register, Tacoma plant"])
    sheet.append([])
    sheet.append(HEADINGS)
    for line in LINES:
        sheet.append(line)
    sheet.append(["Total"] + [None] * 7 + ["=SUM(I4:I8)", "=SUM(J4:J8)"])
    sheet.merge_cells("A4:A5")
    sheet.row_dimensions[6].hidden = True
    for row in range(4, 9):
        sheet.cell(row, 3).number_format = "dd/mm/yyyy"
    older = book.create_sheet("2023")
    older.append(HEADINGS)
    older.append(["S-1", 1, dt.date(2023, 5, 2), "Orchid Instruments Pte", "SG", "EAR99", "NLR", "9026104000", 1, 10, "USD"])
    older.sheet_state = "hidden"
    book.create_sheet("Notes").append(["Prepared for the quarterly review"])
    return book


def main():
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "register.xlsx"
        register().save(source)
        for ending in ("ods", "fods", "xls", "html"):
            subprocess.run(["soffice", "--headless", "--convert-to", ending, "--outdir", folder, str(source)], check=True)
            name = "register-html.xls" if ending == "html" else f"register.{ending}"
            shutil.copy(source.with_suffix("." + ending), HERE / name)


if __name__ == "__main__":
    main()
