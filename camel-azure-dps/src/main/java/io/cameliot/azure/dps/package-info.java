/**
 * Camel component for the Azure IoT Hub Device Provisioning Service.
 *
 * <p>This package has what Camel and routes see. A registration goes one way through the others:
 * {@code attestation} (who the device says it is), {@code registrar} (whose turn it is), {@code registration} (what to
 * do next, as a pure function), {@code transport} (the connection), {@code wire} (topics and JSON), and {@code store}
 * (what is remembered).
 */
package io.cameliot.azure.dps;
