"""All cases, one module per part of the house."""
from . import claims, data, evaluate, hub, method, runs, sets, settings, speed, teachers, valid

ALL = [case for module in (settings, teachers, data, runs, method, hub, sets, evaluate, speed, claims, valid) for case in module.CASES]
