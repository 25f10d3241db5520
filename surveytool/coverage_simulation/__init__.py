"""What coverage the printed intervals have."""

from surveytool.coverage_simulation.simulation import simulated

__all__ = ["simulated"]
