"""Pictures as SVG by hand, each with a text twin from the same data; nothing is told by colour alone.

Every function takes plain values and returns a ``Picture``; ``from_assessment`` makes those values from an assessment.
"""

from mgdecide.adapters.pictures.bars import Bar, bar_per_hundred
from mgdecide.adapters.pictures.canvas import Picture
from mgdecide.adapters.pictures.day import day_schedule
from mgdecide.adapters.pictures.dose_ladder import LadderMark, Rung, dose_ladder
from mgdecide.adapters.pictures.forest import Estimate, ForestGroup, ForestPool, ForestRow, forest_plot
from mgdecide.adapters.pictures.grids import MapStudy, change_matrix, evidence_map
from mgdecide.adapters.pictures.level_line import Level, LevelEdge, LevelInterval, level_line
from mgdecide.adapters.pictures.trial_fit import FitCell, FitRow, trial_fit_strip

__all__ = [
    "Bar",
    "Estimate",
    "FitCell",
    "FitRow",
    "ForestGroup",
    "ForestPool",
    "ForestRow",
    "LadderMark",
    "Level",
    "LevelEdge",
    "LevelInterval",
    "MapStudy",
    "Picture",
    "Rung",
    "bar_per_hundred",
    "change_matrix",
    "day_schedule",
    "dose_ladder",
    "evidence_map",
    "forest_plot",
    "level_line",
    "trial_fit_strip",
]
