"""Writes the workbooks under samples/. Needs openpyxl; run from the root of the project: python3 tests/make_workbooks.py

The workbooks are committed, so that the tests need no Python. Zip time stamps differ from run to run.
"""

import csv
import datetime
import pathlib

from openpyxl import Workbook
from openpyxl.styles import Font

SAMPLES = pathlib.Path(__file__).resolve().parent.parent / "samples"
CREATED = datetime.datetime(2026, 7, 9)


def save(book, path):
    book.properties.created = book.properties.modified = CREATED
    book.save(path)


def damaged():
    """Title, headings from B3, and everything that goes wrong in workbooks."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Shipments"
    sheet["B1"] = "Acme Instruments Inc. - shipments, extracted from the ERP"
    sheet["B1"].font = Font(bold=True)
    headings = [
        "Document Number", "Line", "Date of Export", "Ship From Country", "Ultimate Consignee",
        "Ultimate Consignee Address", "Country of Ultimate Destination", "ECCN", "License Code", "License Number",
        "Item Number", "Description", "Quantity", "Unit", "Value", "Currency", "expect",
    ]
    for index, heading in enumerate(headings):
        sheet.cell(3, 2 + index, heading)
    row = 3

    def put(expect, date=datetime.date(2025, 4, 7), consignee="Sapphire Loom Textile Mills Ltd", address="Karachi",
            destination="PK", eccn="EAR99", license_code="NLR", number=None, item="GLV-100",
            description="Cotton work gloves", quantity=300, value=4350.0, date_format="yyyy-mm-dd", hidden=False):
        nonlocal row
        row += 1
        cells = [f"INV{95000 + row}", 1, date, "US", consignee, address, destination, eccn, license_code, number,
                 f"{item}-{row}", description, quantity, "EA", value, "USD", expect]
        for index, cell in enumerate(cells):
            sheet.cell(row, 2 + index, cell)
        sheet.cell(row, 4).number_format = date_format
        sheet.row_dimensions[row].hidden = hidden

    bench = dict(item="BI-2", description="Bench instrument", quantity=2, value=10400.0)
    meter = dict(item="DMM-6", description="Digital multimeter, bench", quantity=4, value=4960.0, eccn="3A992.a")
    put("-")
    put("IT03", eccn=30, **bench)
    put("IT03", eccn=500, **bench)
    put("RQ01", destination="#N/A", consignee="Nordlicht Messtechnik GmbH", address="Potsdam")
    sheet.cell(row, 8).data_type = "e"
    put("RQ01", date="=DATE(2025,4,9)", date_format="General")
    first = row + 1
    put("EL01", consignee="Muhandis Corporation", address="Lahore")
    put("EL01", consignee=None, address="Lahore", item="LBL-220", description="Thermal labels, roll")
    put("EL01", consignee=None, address="Lahore", item="CRT-14", description="Office cart, steel")
    sheet.merge_cells(start_row=first, end_row=row, start_column=6, end_column=6)
    put("LR01;LR07", date="2024-12-26", date_format="@", **meter)
    put("LR01;LR07", date="26 Dec 2024", date_format="@", **meter)
    row += 1
    put("LR01;LR07", date=45652, date_format="General", **meter)
    put("RQ01", eccn="=VLOOKUP(L17,items,2,FALSE)", **bench)
    put("EL01", consignee="Muhandis\u00a0Corporation\u200b", address="Lahore")
    put("LR01", hidden=True, **meter)
    put("LR05", license_code="C30", number="D1400990", **meter)
    total = sum(cell.value for cell in sheet["P"][3:] if isinstance(cell.value, (int, float)))
    sheet.cell(row + 1, 2, "Total")
    sheet.cell(row + 1, 16, total)
    remarks = book.create_sheet("Read me")
    remarks["A1"] = "Prepared for the second quarter review. Figures in US dollars."
    save(book, SAMPLES / "damaged-workbook" / "shipments.xlsx")


DATES = {"Date of Export": "%Y-%m-%d", "WADAT_IST": "%d.%m.%Y", "Date Shipped": "%m/%d/%Y", "Shipment Date": "%Y-%m-%d"}
NUMBERS = {"Quantity", "LFIMG", "Quantity 1", "Value", "NETWR", "Amount", "Line Amount", "Value of Goods"}
SHEETS = {"sap": "Sheet1", "netsuite": "Results", "dynamics": "Posted shipments"}


def dialect(name):
    """The CSV of a dialect as a workbook, with real dates and numbers."""
    with open(SAMPLES / "five-dialects" / f"{name}.csv", encoding="utf-8-sig", newline="") as file:
        headings, *rows = csv.reader(file, delimiter=";" if name == "sap" else ",")
    book = Workbook()
    sheet = book.active
    sheet.title = SHEETS.get(name, "Shipments")
    sheet.append(headings)
    for row in rows:
        for index, heading in enumerate(headings):
            if heading in DATES:
                form = "%m/%d/%Y" if name == "aes" else DATES[heading]
                row[index] = datetime.datetime.strptime(row[index], form).date()
            elif heading in NUMBERS:
                text = row[index].replace(".", "").replace(",", ".") if name == "sap" else row[index].replace(",", "")
                row[index] = float(text)
        sheet.append([None if cell == "" else cell for cell in row])
        for index, heading in enumerate(headings):
            if heading in DATES:
                sheet.cell(sheet.max_row, index + 1).number_format = "yyyy-mm-dd"
    save(book, SAMPLES / "five-dialects" / f"{name}.xlsx")


if __name__ == "__main__":
    damaged()
    for name in ("generic", "sap", "netsuite", "dynamics", "aes"):
        dialect(name)
