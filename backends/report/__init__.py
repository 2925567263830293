"""The HTML report of a simulated design."""

from lmc.backends.report.page import Subject, report_page, write_report

__all__ = ["Subject", "report_page", "write_report"]
