"""Writing a received record into ours: each object once, in the order of its references."""

from virage.exchange.actions.placing.documents import portrait_of
from virage.exchange.actions.placing.record import place_record

__all__ = ["place_record", "portrait_of"]
