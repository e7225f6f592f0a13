"""The demonstration: one machine, invented people, plain HTTP on the loopback address."""

from virage.settings.base import *  # noqa: F403

IS_DEMO = True
