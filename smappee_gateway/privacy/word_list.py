"""The technical words that may stay in messages nobody has described: no names, no rooms, no places, no brands.

One list for all: a key, a level of a topic or a constant stays when it is made of these words, of the words of
`mqtt_schema` and of short numbers. Whoever misses a word adds it here.
"""

WORDS = frozenset(
    """
    absolute accumulated acknowledge action activate active actual actuator add alarm alert amount amp ampere amps
    analog analogue apparent array assistance automatic automation auto available average away
    backlog balance balanced base battery begin binary blocked body boiler boolean boost boot boundary brightness broken
    bus button bypass byte bytes
    calibration cancel capacity car catalog cause celsius change changed channel charge charged charger charging check
    circuit clear close closed closing cloud code cold color command commodity compact complete completed config
    configuration configured confirm confirmed connect connected connecting connection connector constant consumption
    contact contactor content control controllable controller controlling conversion cool cooling cooldown core cosine
    count counted counter counting created critical cubic cumulative current curve custom cycle cycles
    daily data datas date day deactivated debounce debug default degree delay delete delta demand derived detected
    detection device diagnostic diff difference digital dimmer direct direction disable disabled disconnected discharge
    discharging done door down dry duration duty dynamic
    echo edge electric electrical electricity element empty enable enabled end ended endtime energy entry enum epoch
    equipment error event every excess export exported external
    factor fail failed failure fallback false fast fault feature feed field finish finished firmware fixed flag float
    flow force forced forecast format formula frame free frequency from full function fundamental fuse
    gallon gas gateway generation generator get global grid gross group
    handled hardware harmonic health healthy heartbeat heat heater heating high history hold holding hot hour hourly
    hours house hub humidity
    idle ignored impedance import imported impulse inactive index indicator infinity info information infra init
    initial input installed installation instant instantaneous integer internal interval invalid inverted inverter
    item items
    joule kelvin key kilo kind
    last latch latched leak leakage led length level life lifetime light limit limited line link list litre liter live
    load loaded loading lock locked log low lower
    magnitude manual mapping master maximum mean measure measured measurement mega member message meter metering micro
    milli minimum minute minutes missing mode model modbus modified module modules moisture moment momentary monitor
    month motor multiplier
    negative net neutral new next night nilm node nominal none normal notification null number numeric
    object off offline offset old on online open opened opening operating operation optimization option order
    oscillator output outputs overload override overflow
    package parallel parameter parent parity part path pause paused payload peak pending percent percentage period
    phase physical plug plugged polarity poll polling pool port position positive power powered predicted presence
    present pressure previous price primary priority process produced product production profile properties property
    protection protocol publish published publisher pulse pulses pump push
    quality quantity quarter queue
    radio rain ramp range rate rated ratio raw reactive read reading reads ready real realtime reason received recent
    record recovery reference refresh register registers rejected relative relay relays release remaining remote repeat
    report request required reset resistance resolution resource response restart result resume retained retry return
    reversed revision rising root round running runtime
    safe safety sample samples scale scene schedule scheduled scheduler second secondary seconds section sector
    segment select sensor sequence serial series service set setpoint setting settings setup share shed short signal
    since single size slave slot slots slow smart snapshot socket soft software solar solid source spare specification
    speed split stack stage stale standby star start started starting state states static station statistics status
    step stop stopped storage strategy strength string sub submeter subtype success sum supply surplus switch switched
    switching sync system
    table tamper target tariff temp temperature test text threshold time timed timeout timer times timestamp timezone
    toggle tolerance topology total totals tracking transformer trigger triggered triggering true type types
    unavailable undefined undervoltage unit units unknown unlocked unplugged unreachable unused unsigned up update
    updated upper uptime usage used utilization
    valid value values valve variable vector ventilation version virtual volt voltage voltages volume
    wait waiting warm warning water watt watts wave waveform week weekly wire wired wireless work working write
    year yearly yes zero zone

    ac ack adc alpha api async bat batt beta bit bool cfg cfi cmd conf config cos crc ct curr cur dac dc deg demo di do
    dst dsmr ech err etc ev evse ewma ext fft fsm fw gmt gpio gw hex hr html http https hw hz iec imp in int io irms iso
    json ka khz kva kvar kvarh kw kwh led lo lpg lte ma mah max mbus meas min mm ms msg mv mva mw mwh nc no nr
    ntc num of or out ovr pct pf pid pll ppu prev psu pt pv pwm qos ref rms rpm rs rssi rt rtc rtu rx sct sec seq
    soc spl sw tcp temp thd to tou tx uint uom ups us utc va var varh vrms wh wifi xml

    acchargingcontroller acchargingstation acledcontroller carcharger carlimit chargingmode chargingstate
    chargingstation cthub emeter excesspct froggy gridassistanceamps maxpower measuredvalues messsage minpower
    networkstatistics outputmodule inputmodule powerbox rogowski setcurrent setstate setmode smappee smartcharging
    smartdevice solidcore startcharging stopcharging

    address after alias and are at before bssid by city coordinates description domain each email first gps has host
    hostname identifier ip ipv4 ipv6 is label latitude location long longitude mac name number nickname not note
    notes owner per person phone remark room ssid street than then title token turn url user username when with

    monday tuesday wednesday thursday friday saturday sunday
    """.split()  # noqa: SIM905 - it is read and kept as a list of words
)

NEVER_ALONE = frozenset({"di", "home", "house", "max", "phi"})
"""Parts of technical words that somebody, or somebody's place, may be called by."""

QUANTITIES = frozenset(
    """
    ampere average consumption cos count counted counter cumulative current delay delta demand duration endtime energy
    epoch export frequency humidity import interval joule lifetime limit mah measured ms mw mwh period power produced
    production pulse pulses quantity runtime seconds since stamp temperature time timestamp total totals updated uptime
    usage utc voltage volume watt wh kwh
    """.split()  # noqa: SIM905 - it is read and kept as a list of words
)
"""A number under a key with one of these words is a measurement, however much it looks like a serial number."""

UNITS = frozenset({"%", "°", "°C", "°F", "m³", "m³/h", "ft³", "l/min", "µHz", "Ω", "€/kWh"})
"""Units that are more than words."""
