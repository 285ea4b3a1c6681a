"""The units that openHAB reads from `$unit`, and the dimension it gives them.

From openHAB's UnitUtils, Units, SIUnits and ImperialUnits, and the unit format of its library (Indriya), as of openHAB
4 and 5. A spelling that is not known there is no error in openHAB: the number is shown without any unit, which is why
it has to be found here. `L` is such a spelling, although Homie recommends it: the library only knows `l`. So are `m3`,
`kVAh`, `VAR` and `KWh`: spelling is exact.
"""

SPELLINGS = {
    "Power": ("mW", "W", "kW", "MW", "VA", "kVA", "var", "kvar"),
    "Energy": ("Wh", "kWh", "MWh", "Ws", "J", "kJ", "MJ", "VAh", "varh", "kvarh"),
    "ElectricCurrent": ("mA", "A"),
    "ElectricPotential": ("mV", "V", "kV"),
    "ElectricCharge": ("mAh", "Ah"),
    "ElectricResistance": ("Ω", "kΩ"),
    "Frequency": ("Hz", "kHz"),
    "Dimensionless": ("%", "ppm", "ppb", "dB", "one"),
    "Volume": ("ml", "l", "m³"),
    "VolumetricFlowRate": ("l/min", "l/h", "l/s", "m³/s", "m³/min", "m³/h", "m³/d"),
    "Mass": ("g", "kg"),
    "Temperature": ("°C", "°F", "K"),
    "Time": ("ms", "s", "min", "h", "d"),
    "Pressure": ("Pa", "hPa", "kPa", "mbar", "bar"),
    "Intensity": ("W/m²",),
    "Illuminance": ("lx",),
    "Angle": ("°",),
    "Length": ("mm", "cm", "m", "km"),
    "Speed": ("m/s", "km/h"),
}
DIMENSIONS = {unit: dimension for dimension, units in SPELLINGS.items() for unit in units}
"""`W` is a `Power`: in openHAB an item of type `Number:Power`."""
