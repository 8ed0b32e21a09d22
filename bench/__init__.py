"""Figures of this machine: `script/bench`. They are recorded, never tested."""
