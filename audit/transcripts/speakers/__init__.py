"""Who speaks when one channel carries everybody, and which of the voices is the collector's."""
