/**
 * An emulator of the Azure IoT Hub Device Provisioning Service, for tests: {@link
 * io.cameliot.testinfra.dps.DpsEmulator}.
 *
 * <p>From the outside to the inside: this package holds the emulator and its connections, faults and records;
 * {@code hub} the IoT hubs that devices are assigned to; {@code service} the provisioning service without a network;
 * {@code mqtt} what both speak; {@code identity} keys, tokens and attestations. None knows of one named before it.
 */
package io.cameliot.testinfra.dps;
