"""Reports for leaders and the public: a self-contained HTML page, a workbook, a list to post."""

from pingan_logic.reports.write import FORMATS, write_report

__all__ = ["FORMATS", "write_report"]
