"""A house with physics and its Smappee gateway, for demos, tests and people without hardware.

It imports nothing of this project: it writes the wire form itself, so that it can disagree with the decoder.

The house and its gateway do no input or output and never read a clock; simulated time moves only when told to::

    from datetime import UTC, datetime
    from simulator import SITES, Fault, Gateway, House

    house = House(SITES["home"], seed=1, start=datetime(2026, 6, 21, 10, tzinfo=UTC))
    gateway = Gateway(house)

    for message in gateway.step():        # one simulated second, messages in the order of their time
        message.topic                     # "servicelocation/<uuid>/realtime"
        message.payload                   # bytes, compact JSON
        message.qos, message.retain       # 1, False
        message.at_ms                     # simulated time of publication, ms UTC

    gateway.fast_forward(hours=24)        # the house lives and the counters count, nothing is published
    gateway.handle(topic, payload)        # a message from a client (plug/<id>/setstate): the list of answers
    gateway.topic("realtime")             # "servicelocation/<uuid>/realtime"
    gateway.location.reading(house.now_ms)    # what its CTs measure, before any rounding (simulator.gateway.reading)

The truth, to compare a client with. Joule and watt as floats, independent of the gateway's own counters::

    house.now_ms                                            # simulated time, ms UTC
    house.meter.import_j, house.meter.export_j              # as the utility meter: phases netted at each instant
    house.meter.house_j, house.meter.solar_j                # what the loads used, what the sun gave
    house.meter.loads_j["EV charger"]                       # each load by name
    house.meter.charged_j, house.meter.discharged_j         # what a battery took and gave
    house.meter.volumes_m3[Medium.WATER]                    # RAINWATER, GAS (simulator.house.meter.Medium)
    house.grid_power_w, house.solar_power_w                 # now: grid + solar + battery = load
    house.battery_power_w, house.load_power_w               # a battery's is above 0 while it discharges
    house.batteries["Battery"].state_of_charge              # 0 to 1
    house.boilers["Boiler"].water_c                         # °C
    house.contacts["Front door"]                            # True while closed

    house.meter.line_currents_a                             # of each line, with the sign of its power
    house.breakers["Main"].tripped                          # a witness only (simulator.house.breaker)

What people do in the house::

    house.switch(plug_id=1, on=True)      # by hand at the plug: its radio is one-way, the gateway does not notice
    house.charge_limit_a = 10.0           # the EV charger's limit per phase; below 6 A it pauses; see also below
    house.start("Oven")                   # a programme begins; the charger's car comes home
    house.connect("Fridge", on=False)     # at the distribution board
    house.cloud = 0.9                     # the weather; None: as chance has it
    house.plumbing.leak_l_per_h = 30.0

What clients command, and how Output modules take it (an invented form: `simulator.gateway.output_modules`)::

    gateway.command("plug/1/setstate", b'{"value":"ON"}')      # the answers come with the next step
    gateway.provider(OutputModules).behaviour = Behaviour(echoes=False)     # deaf
    load(Path("simulator/scenarios/stormy_day.toml")).play(gateway)         # simulator.scenario.file

Chargers that take commands, on the sites ``garage`` and ``two-cars`` (`simulator.house.charging`)::

    charger = house.chargers["EV charger"]
    charger.plug_in(Car(phases=1, max_a=32.0), state_of_charge=0.2)
    charger.set_current(10.5)             # Accepted(), Refused(reason) or NoAnswer(); felt in the next step
    charger.set_enabled(on=False)         # and set_phases(1), heartbeat()
    charger.status()                      # state, limit, enabled, phases; None while it does not answer
    charger.current_a, charger.offered_a  # the truth, A per phase
    charger.journal.entries, charger.journal.offences     # every command with its answer; what nobody must ask
    with_character(SITES["garage"], CHARACTERS["late"])   # simulator.sites.garages: the same house, another charger
    ClosedLoop(house)                     # measurements without a wire: simulator.loop

Faults (``FAULTS`` holds name, effect and usual duration of each)::

    gateway.inject(Fault.REBOOT)                                    # from the next step on
    gateway.inject(Fault.SILENCE, after_s=10, duration_s=60)
    gateway.occurred[Fault.SILENCE]       # how often it has really happened (a Counter): assert it

``SITES`` by name: ``home`` (the demo house: 3 x 230 V star, 16 CTs on 4 hubs, one-phase solar), ``captured`` (the site
of the public Genius capture: delta, 12 CTs), ``full`` (28 CTs on 7 hubs), ``single-phase``, ``one-phase-solar``
(three-phase house, strongly unbalanced by its inverter), ``delta-two-ct`` (two-wattmeter metering, loads at power
factor 0.3), ``split-phase``, ``everything`` (28 CTs, battery, water, gas, Switches, modules), ``garage`` and
``two-cars`` (chargers that take commands, and breakers that are small for them) have a Genius;
``plus-star`` and ``plus-single`` a Plus, ``solar-single`` a Solar. Your own: build a ``simulator.sites.site.Site``; its
``gateway`` names the kind, and its serial number must fit.

With a broker (asyncio)::

    from simulator.broker import embedded_broker
    from simulator.endpoint import Endpoint
    from simulator.runner import run

    # Or any broker's Endpoint. With websocket_port=1884 it speaks MQTT over WebSocket too, path /mqtt.
    async with embedded_broker(Endpoint("127.0.0.1", 1883)) as broker:
        await run(gateway, broker, speed=60)                               # until cancelled
        await run(gateway, broker, chargers=ChargerTopics(house))          # and its chargers (simulator.charger_topics)

From a shell: ``python -m simulator --help``. With ``--history-hours 24 --history-file FILE`` the house has lived a day
before the first message, and FILE tells the true energies of each clock hour (JSON: ``simulator.history.Hour``).
"""

from simulator.faults.table import FAULTS, Fault
from simulator.gateway.gateway import Gateway
from simulator.gateway.message import Message
from simulator.house.house import House
from simulator.sites.table import SITES

__all__ = ["FAULTS", "SITES", "Fault", "Gateway", "House", "Message"]
