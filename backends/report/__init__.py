"""The HTML report of a simulated design."""

from lmc.backends.report.page import Subject, report_page, write_report
from lmc.backends.report.simulated import simulated

__all__ = ["Subject", "report_page", "simulated", "write_report"]
