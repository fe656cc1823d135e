"""Sections 二 and 四: attainment against target, year by year, and the rosters of bodies."""

from pingan_logic.programme.progress import Attainment, Programme, Year, programme
from pingan_logic.programme.rosters import Roster, rosters

__all__ = ["Attainment", "Programme", "Roster", "Year", "programme", "rosters"]
