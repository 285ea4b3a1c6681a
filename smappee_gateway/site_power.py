"""The power of the whole house from the powers of its CTs."""

from mqtt_schema.accessors import power_of
from mqtt_schema.model import Site
from mqtt_schema.quantities import Role
from mqtt_schema.readings import Readings, SitePower
from smappee_gateway.plausibility import highest_power_w


class SitePowerMeter:
    """Sums the CTs of grid, solar, batteries and cars."""

    def __init__(self) -> None:
        """Nothing is installed yet."""
        self._highest_power_w: dict[Role, float] = {}

    def open(self, site: Site) -> None:
        """Take over what is installed."""
        self._highest_power_w = {
            role: sum(highest_power_w(channel) for channel in site.channels if channel.role is role) for role in Role
        }

    def read(self, site: Site, readings: Readings) -> SitePower:
        """Return the powers of this moment."""
        grid_w = self._power_w(readings, Role.GRID, site.grid)
        solar_w = self._power_w(readings, Role.SOLAR, site.solar)
        charging_w = self._power_w(readings, Role.BATTERY, site.battery)
        power = SitePower(
            grid_w=grid_w,
            solar_w=solar_w,
            battery_w=None if charging_w is None else -charging_w,
            ev_w=self._power_w(readings, Role.EV, site.cars),
        )
        is_missing = (solar_w is None and site.solar) or (charging_w is None and site.battery)
        if grid_w is not None and not is_missing:
            power.house_w = grid_w + (solar_w or 0.0) - (charging_w or 0.0)
        return power

    def _power_w(self, readings: Readings, role: Role, indexes: tuple[int, ...]) -> float | None:
        """Sum the power of a role; unknown when there is none, one is missing, or the sum is impossible."""
        if not indexes:
            return None
        power_w = power_of(readings, indexes)
        return None if power_w is None or abs(power_w) > self._highest_power_w[role] else power_w
