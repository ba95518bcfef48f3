/** The parts that jobs and commands share: both report the outcome of a route to AWS IoT. */
package io.cameliot.awsiot.report;
