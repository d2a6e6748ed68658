"""Text in, detections out. No database, no web, no audio: everything else builds on this package."""

from classifiers.classify import Classifier, Using
from classifiers.cues import Cue
from classifiers.detection import Detection, Law
from classifiers.loading import load_pack
from classifiers.rules import RulePack
from classifiers.turns import Turn

__all__ = ["Classifier", "Cue", "Detection", "Law", "RulePack", "Turn", "Using", "load_pack"]
