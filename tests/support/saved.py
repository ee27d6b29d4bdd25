"""A database put aside, to go back to after a request that wrote."""

from pathlib import Path

from portal.extensions import db


class SavedDatabase:
    """SQLite's file as it is now. Comparing it byte by byte shows any write, the audit's included."""

    def __init__(self, engine):
        self.file = engine.file
        self.log = Path(str(self.file) + "-wal")
        db.session.commit()
        self._close()
        self.bytes = self.file.read_bytes()

    def restore_if_written(self) -> bool:
        """Put the file back if a transaction changed anything since, and say whether one did."""
        db.session.rollback()
        if not self.log.exists() or not self.log.stat().st_size:
            return False
        self._close()
        if self.file.read_bytes() == self.bytes:
            return False
        self.file.write_bytes(self.bytes)
        return True

    def _close(self) -> None:
        """Close every connection: the last one moves what stands in the log over into the file."""
        db.session.remove()
        db.engine.dispose()
        assert not self.log.exists()
