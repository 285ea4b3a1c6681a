"""The demo: a simulated house and a real Home Assistant that knows it, on this machine only.

``scripts/demo`` runs it. The steps, in the order of `demo.run`:

* `config_folder` makes a configuration folder for Home Assistant, below ``.cache/demo``;
* `programs` starts a `broker`, the simulator and Home Assistant (by way of `launcher`), each a `program`, and
  stops them;
* `account` makes the user and logs in; `home_assistant` is the connection from then on;
* `gateway` adds the simulated gateway as a user would, through the config flow;
* `charging` declares the charger and the fuse it must stay below, and enables control;
* `house` reads which entities came of it, `figures` and `diagnostics` what they show;
* `past`, `energy_page` and `dashboard` fill what there is to look at;
* `bridge` is started beside it;
* `summary` prints what ``--once`` has found.

Nothing of the product is imported: the demo uses it as its users do.
"""
