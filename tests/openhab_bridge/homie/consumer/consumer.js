"use strict";
// A Homie 4 controller: node-homie, and nothing of ours.
//
//   node consumer.js URL PREFIX
//
// It prints all that node-homie has discovered, as one line of JSON after every change. Each line ["device/node/property",
// "value"] on its standard input has node-homie send that command. It ends with its standard input.
const readline = require("node:readline");
const { DeviceDiscovery, HomieDeviceManager } = require("node-homie");
const { SimpleLogger } = require("node-homie/misc");

const LOOK_EVERY_MS = 20;
const [url, topicRoot] = process.argv.slice(2);
SimpleLogger.logOutput = (domain, type, name, limit, level, text) => level <= limit && console.error(`${type}: ${text}`);

const devices = new HomieDeviceManager();
const discovery = new DeviceDiscovery({ url, topicRoot });
discovery.events$.subscribe((event) => {
  if (event.type === "add" && !devices.hasDevice(event.deviceId)) {
    devices.add(event.makeDevice()).onInit();
  } else if (event.type === "remove") {
    devices.removeDevice(event.deviceId)?.onDestroy();
  } else if (event.type === "error") {
    throw event.error;
  }
});
discovery.onInit();

const mapped = (items, convert) => Object.fromEntries(Object.entries(items).map(([id, item]) => [id, convert(item)]));
const described = (property) => ({ ...property.attributes, value: property.value });
const withProperties = (node) => ({ ...node.attributes, properties: mapped(node.properties, described) });
const withNodes = (device) => ({ ...device.attributes, nodes: mapped(device.nodes, withProperties) });

let printed;
setInterval(() => {
  const seen = JSON.stringify({ devices: mapped(devices.devices, withNodes) });
  if (seen !== printed) {
    console.log(seen);
    printed = seen;
  }
}, LOOK_EVERY_MS);

readline
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    const [pointer, value] = JSON.parse(line);
    const [deviceId, nodeId, propertyId] = pointer.split("/");
    devices.getProperty({ deviceId, nodeId, propertyId }).setCommand$(value).subscribe();
  })
  .on("close", () => process.exit());
