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

    def is_changed(self) -> bool:
        """Whether any transaction changed anything since."""
        db.session.rollback()
        if not self.log.exists() or not self.log.stat().st_size:
            return False
        self._close()
        return self.file.read_bytes() != self.bytes

    def restore(self) -> None:
        """Put the file back."""
        self._close()
        self.file.write_bytes(self.bytes)

    def restore_if_changed(self) -> bool:
        """Put the file back if anything changed, and say whether it did."""
        changed = self.is_changed()
        if changed:
            self.restore()
        return changed

    def _close(self) -> None:
        """Close every connection: the last one moves what stands in the log over into the file."""
        db.session.remove()
        db.engine.dispose()
        assert not self.log.exists()
