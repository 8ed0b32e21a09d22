"""Days and months of procedure that places set differently: numbers only."""
